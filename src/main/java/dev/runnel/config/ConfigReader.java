package dev.runnel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: the defaults in the jar, over them a file, over both the environment. The file is the one that
 * is given, else {@code RUNNEL_CONFIG}, else there is none.
 */
public final class ConfigReader {

    private static final Pattern MODEL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Rule<String> MODEL =
            Rule.matching(MODEL_NAME, "1 … 64 of A-Z a-z 0-9 . _ -, a letter or digit first");

    private final Path home;
    private final Map<String, String> environment;
    private final Function<ModelConfig, List<String>> engineRules;

    /**
     * @param home the user's home directory
     * @param environment the process's environment variables; those that begin with {@code RUNNEL_} count
     * @param engineRules what is wrong with a model's entry by the rules of its engine, one line each in the form
     *     {@code key: value (expected: rule)}; an engine that does not exist among it
     */
    public ConfigReader(Path home, Map<String, String> environment, Function<ModelConfig, List<String>> engineRules) {
        this.home = home;
        this.environment = Map.copyOf(environment);
        this.engineRules = engineRules;
    }

    /**
     * What was read.
     *
     * @param warnings one line each, about variables that were ignored
     */
    public record Loaded(RunnelConfig config, List<String> warnings) {

        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Reads it all.
     *
     * @param option the file that the command line names; empty where it names none
     * @throws ConfigException if the file cannot be read, is no YAML, or breaks a rule; with all complaints at once
     */
    public Loaded read(Optional<Path> option) throws ConfigException {
        Optional<Path> file = option.or(() -> variable(Overrides.CONFIG)).map(Path::toAbsolutePath);
        Map<String, @Nullable Object> defaults = ConfigFile.defaults();
        Map<String, @Nullable Object> tree = defaults;
        if (file.isPresent()) {
            String givenBy = option.isPresent() ? "--config" : Overrides.CONFIG;
            Map<String, @Nullable Object> written = ConfigFile.read(file.get(), givenBy);
            tree = Layers.over(tree, new FilePaths(folderOf(file.get()), home).absoluteIn(written));
        }
        Overrides overrides = Overrides.of(defaults, environment);
        FilePaths here = new FilePaths(Path.of("").toAbsolutePath(), home);
        tree = Layers.over(tree, here.absoluteIn(overrides.tree()));
        return new Loaded(config(file, tree, overrides), overrides.warnings());
    }

    private RunnelConfig config(Optional<Path> file, Map<String, @Nullable Object> tree, Overrides overrides)
            throws ConfigException {
        List<String> complaints = new ArrayList<>();
        Section root = Section.of("", tree, complaints);
        HttpConfig http = HttpConfig.read(root.section("http"));
        ManagementConfig management = ManagementConfig.read(root.section("management"));
        AuthConfig auth = AuthConfig.read(root.section("auth"));
        GenerationConfig generation = GenerationConfig.read(root.section("generation"));
        BusConfig bus = BusConfig.read(root.section("bus"));
        LogConfig log = LogConfig.read(root.section("log"));
        TracingConfig tracing = TracingConfig.read(root.section("tracing"));
        WarmUpConfig warmUp = WarmUpConfig.read(root.section("warmUp"));
        String defaultModel = root.required("defaultModel", MODEL);
        List<ModelConfig> models = models(root, complaints);
        List<PlanConfig> plans = plans(root, models);
        checkAcross(root, http, management, defaultModel, models);
        root.done();
        if (!complaints.isEmpty()) {
            throw new ConfigException(complaints.stream().map(overrides::blamed).toList());
        }
        return new RunnelConfig(
                file,
                dataDirectory(),
                http,
                management,
                auth,
                generation,
                bus,
                log,
                tracing,
                warmUp,
                defaultModel,
                models,
                plans);
    }

    private List<ModelConfig> models(Section root, List<String> complaints) {
        List<ModelConfig> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.requiredSections("models")) {
            ModelConfig model = ModelConfig.read(section, MODEL);
            if (section.isSound("name") && !names.add(model.name().toLowerCase(Locale.ROOT))) {
                section.complain("name", model.name(), "a name that no other model has");
            }
            engineRules.apply(model).forEach(complaint -> complaints.add(section.path() + "." + complaint));
            models.add(model);
        }
        return models;
    }

    private static List<PlanConfig> plans(Section root, List<ModelConfig> models) {
        List<String> known = models.stream().map(ModelConfig::name).toList();
        List<PlanConfig> plans = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : root.requiredSections("plans")) {
            PlanConfig plan = PlanConfig.read(section, MODEL);
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

    private static void checkAcross(
            Section root, HttpConfig http, ManagementConfig management, String defaultModel, List<ModelConfig> models) {
        boolean portsAreSound = root.isSound("http.port") && root.isSound("management.port");
        if (portsAreSound && http.port() == management.port() && http.port() != 0) {
            root.complain("management.port", management.port(), "another port than http.port, or 0");
        }
        List<String> names = models.stream().map(ModelConfig::name).toList();
        if (!names.isEmpty() && !names.contains(defaultModel) && root.isSound("defaultModel")) {
            root.complain("defaultModel", defaultModel, "one of models: " + String.join(", ", names));
        }
    }

    private Path dataDirectory() {
        Path directory = variable(Overrides.DATA).orElse(home.resolve(".runnel"));
        return directory.toAbsolutePath().normalize();
    }

    private Optional<Path> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }

    private static Path folderOf(Path file) {
        return Optional.ofNullable(file.getParent()).orElse(file);
    }
}
