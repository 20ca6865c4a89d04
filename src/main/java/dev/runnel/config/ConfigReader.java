package dev.runnel.config;

import dev.runnel.config.tree.ConfigException;
import dev.runnel.config.tree.ConfigTree;
import dev.runnel.config.tree.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the configuration. A file overrides the defaults in the jar, and the environment overrides both. The file is
 * the one that the command line names, else {@code RUNNEL_CONFIG}; it may be absent.
 */
public final class ConfigReader {

    private static final String CONFIG = "RUNNEL_CONFIG";
    private static final String DATA = "RUNNEL_DATA";

    private final Optional<Path> home;
    private final Map<String, String> environment;
    private final Function<ModelConfig, List<String>> engineRules;

    /**
     * @param home the user's home directory; empty if no directory can hold the data directory
     * @param environment the process's environment variables; those that start with {@code RUNNEL_} are read
     * @param engineRules checks a model's entry by the rules of its engine. It returns complaints of the form
     *     {@code key: value (expected: rule)}, also for an unknown engine.
     */
    public ConfigReader(
            Optional<Path> home, Map<String, String> environment, Function<ModelConfig, List<String>> engineRules) {
        this.home = home;
        this.environment = Map.copyOf(environment);
        this.engineRules = engineRules;
    }

    /**
     * The configuration that was read.
     *
     * @param warnings one line for each environment variable that was ignored
     */
    public record Loaded(RunnelConfig config, List<String> warnings) {

        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Reads the defaults, a file and the environment.
     *
     * @param option the file that the command line names
     * @throws ConfigException with all complaints at once, if the file cannot be read, is not YAML, or breaks a rule
     */
    public Loaded read(Optional<Path> option) throws ConfigException {
        Optional<Path> file = option.or(() -> variable(CONFIG)).map(Path::toAbsolutePath);
        String source = option.isPresent() ? "--config" : CONFIG;
        ConfigTree tree = ConfigTree.ofFile(file, source, home, environment);
        return new Loaded(config(file, tree), tree.warnings());
    }

    /**
     * Reads the defaults, a text and the environment, without any file.
     *
     * @param yaml the content of a configuration file; relative paths are below the working directory
     */
    public RunnelConfig readText(String yaml) throws ConfigException {
        return config(Optional.empty(), ConfigTree.ofText(yaml, home, environment));
    }

    private RunnelConfig config(Optional<Path> file, ConfigTree tree) throws ConfigException {
        Section root = tree.root();
        HttpConfig http = HttpConfig.read(root.section("http"));
        ManagementConfig management = ManagementConfig.read(root.section("management"));
        MemoryConfig memory = MemoryConfig.read(root.section("memory"));
        AuthConfig auth = AuthConfig.read(root.section("auth"));
        GenerationConfig generation = GenerationConfig.read(root.section("generation"));
        ResumeConfig resume = ResumeConfig.read(root.section("resume"));
        BusConfig bus = BusConfig.read(root.section("bus"));
        Optional<ClusterConfig> cluster = ClusterConfig.read(root.section("cluster"));
        LogConfig log = LogConfig.read(root.section("log"));
        TracingConfig tracing = TracingConfig.read(root.section("tracing"));
        WarmUpConfig warmUp = WarmUpConfig.read(root.section("warmUp"));
        LlamaConfig llama = LlamaConfig.read(root.section("llama"));
        String defaultModel = root.required("defaultModel", ModelConfig.NAME);
        List<ModelConfig> models = models(root);
        List<PlanConfig> plans = plans(root, models);
        checkPorts(root, http, management);
        checkHeldBytes(root, http, memory);
        checkDefaultModel(root, defaultModel, models);
        tree.check();
        return new RunnelConfig(
                file,
                dataDirectory(),
                http,
                management,
                memory,
                auth,
                generation,
                resume,
                bus,
                cluster,
                log,
                tracing,
                warmUp,
                llama,
                defaultModel,
                models,
                plans);
    }

    private List<ModelConfig> models(Section root) {
        List<ModelConfig> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.requiredSections("models")) {
            ModelConfig model = ModelConfig.read(section);
            if (section.isSound("name") && !names.add(model.name().toLowerCase(Locale.ROOT))) {
                section.complain("name", model.name(), "a name that no other model has");
            }
            engineRules.apply(model).forEach(section::addComplaint);
            models.add(model);
        }
        return models;
    }

    private static List<PlanConfig> plans(Section root, List<ModelConfig> models) {
        List<String> known = models.stream().map(ModelConfig::name).toList();
        List<PlanConfig> plans = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.requiredSections("plans")) {
            PlanConfig plan = PlanConfig.read(section);
            if (section.isSound("name") && !names.add(plan.name())) {
                section.complain("name", plan.name(), "a name that no other plan has");
            }
            plan.allowance().models().orElse(Set.of()).stream()
                    .filter(name -> !known.contains(name) && section.isSound("models"))
                    .forEach(name -> section.complain("models", name, "some of models: " + String.join(", ", known)));
            plans.add(plan);
        }
        return plans;
    }

    private static void checkPorts(Section root, HttpConfig http, ManagementConfig management) {
        boolean sound = root.isSound("http.port") && root.isSound("management.port");
        if (sound && http.port() == management.port() && http.port() != 0) {
            root.complain("management.port", management.port(), "another port than http.port, or 0");
        }
    }

    private static void checkHeldBytes(Section root, HttpConfig http, MemoryConfig memory) {
        boolean sound = root.isSound("memory.heldBytes") && root.isSound("http.maxBodyBytes");
        long bytes = memory.heldBytes().orElse(Long.MAX_VALUE);
        long least = MemoryConfig.leastHeldBytes(http);
        if (sound && bytes < least) {
            root.complain(
                    "memory.heldBytes",
                    bytes,
                    "at least " + MemoryConfig.BODIES + " times http.maxBodyBytes, which is " + least);
        }
    }

    private static void checkDefaultModel(Section root, String defaultModel, List<ModelConfig> models) {
        List<String> names = models.stream().map(ModelConfig::name).toList();
        if (!names.isEmpty() && !names.contains(defaultModel) && root.isSound("defaultModel")) {
            root.complain("defaultModel", defaultModel, "one of models: " + String.join(", ", names));
        }
    }

    private Optional<Path> dataDirectory() {
        return variable(DATA)
                .or(() -> home.map(path -> path.resolve(".runnel")))
                .map(path -> path.toAbsolutePath().normalize());
    }

    private Optional<Path> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
