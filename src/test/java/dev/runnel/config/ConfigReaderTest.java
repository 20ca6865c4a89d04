package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.text.Sampling;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

    private static final String LONG_SECRET = "0123456789abcdef0123456789abcdef";

    private final Path folder;
    private final ConfigFolder files;

    ConfigReaderTest(@TempDir Path folder) {
        this.folder = folder;
        this.files = new ConfigFolder(folder);
    }

    @Test
    void shippedFileGivesTheDocumentedDefaults() throws Exception {
        ConfigReader.Loaded loaded = files.read();

        RunnelConfig config = loaded.config();
        assertThat(loaded.warnings()).isEmpty();
        assertThat(config.file()).isEmpty();
        assertThat(config.dataDirectory()).isEqualTo(folder.resolve("home/.runnel"));
        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        "127.0.0.1",
                        8080,
                        Optional.empty(),
                        2 << 20,
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        64 << 10,
                        256,
                        new ConnectionConfig(OptionalInt.empty(), 1000, OptionalInt.empty(), List.of()),
                        new CorsConfig(Set.of()),
                        true));
        assertThat(config.management()).isEqualTo(new ManagementConfig("127.0.0.1", 8081, Optional.empty()));
        assertThat(config.auth())
                .isEqualTo(new AuthConfig(
                        Optional.empty(), "runnel", "runnel", Duration.ofSeconds(5), Duration.ofDays(366), List.of()));
        assertThat(config.generation())
                .isEqualTo(new GenerationConfig(
                        4096,
                        256,
                        64,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(30),
                        4 << 20));
        assertThat(config.bus()).isEqualTo(new BusConfig(true));
        assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO, false, true));
        assertThat(config.tracing()).isEqualTo(TracingConfig.OFF);
        assertThat(config.defaultModel()).isEqualTo("smollm2-135m-instruct");
    }

    @Test
    void defaultModelIsSmallAndHasItsOwnSampling() throws Exception {
        List<ModelConfig> models = files.read().config().models();

        assertThat(models).hasSize(1);
        ModelConfig model = models.get(0);
        assertThat(model.name()).isEqualTo("smollm2-135m-instruct");
        assertThat(model.engine()).isEqualTo("llama");
        assertThat(model.template()).isEqualTo(ModelConfig.Template.CHAT);
        assertThat(model.system()).isNull();
        assertThat(model.sampling()).isEqualTo(new Sampling(0.2, 0.9, null, null, null, null, List.of()));
        assertThat(model.settings())
                .containsOnlyKeys("sources", "sha256", "bytes", "sequences", "contextCells", "stepTokens")
                .containsEntry("sequences", "8")
                .containsEntry("bytes", "98362432");
    }

    @Test
    void modelsThatStandCommentedOutInTheShippedFileLoad() throws Exception {
        String shipped = Files.readString(Path.of("conf/runnel.yaml"));
        Path file = files.write(shipped.replaceAll("(?m)^#  ", "  ").replace("# threads", "threads"));

        RunnelConfig config = files.read(file).config();

        assertThat(config.models()).extracting(ModelConfig::name).contains("mock", "scripted");
        assertThat(config.models()).extracting(ModelConfig::engine).containsExactly("llama", "openai", "scripted");
    }

    @Test
    void defaultPlansAreUnlimitedAndStandard() throws Exception {
        assertThat(files.read().config().plans())
                .containsExactly(
                        new PlanConfig("unlimited", Allowance.UNLIMITED),
                        new PlanConfig(
                                "standard",
                                new Allowance(
                                        OptionalInt.of(60),
                                        OptionalInt.of(100_000),
                                        OptionalInt.of(4),
                                        OptionalInt.empty(),
                                        Optional.empty())));
    }

    @Test
    void planLimitsModelsMaxTokensAndItsShare() throws Exception {
        Path file = files.write("""
                defaultModel: a
                models: [ { name: a, engine: x }, { name: b, engine: x } ]
                plans: [ { name: small, maxTokens: 64, models: [ b ], share: 0.5 }, { name: nothing, models: [] } ]
                """);

        List<PlanConfig> plans = files.read(file).config().plans();

        assertThat(plans).extracting(PlanConfig::name).containsExactly("small", "nothing");
        assertThat(plans).extracting(PlanConfig::share).containsExactly(0.5, 1.0);
        assertThat(plans.get(0).allowance().maxTokens()).hasValue(64);
        assertThat(plans.get(0).allowance().models()).contains(Set.of("b"));
        assertThat(plans.get(1).allowance().models()).contains(Set.of());
    }

    @Test
    void issuersThatStandCommentedOutInTheShippedFileLoad() throws Exception {
        String shipped = Files.readString(Path.of("conf/runnel.yaml"));
        Path file = files.write(shipped.replace("trusted: []", "trusted:").replaceAll("(?m)^  #  ", "    "));

        List<IssuerConfig> issuers = files.read(file).config().auth().trusted();

        assertThat(issuers)
                .containsExactly(
                        new IssuerConfig(
                                "https://id.example.com/",
                                "runnel",
                                Optional.of(URI.create("https://id.example.com/jwks.json")),
                                Optional.empty(),
                                List.of(),
                                Duration.ofMinutes(10)),
                        new IssuerConfig(
                                "ci",
                                "runnel",
                                Optional.empty(),
                                Optional.empty(),
                                List.of(new PublicKeyConfig(Optional.of("ci-1"), "EdDSA", folder.resolve("ci.pem"))),
                                Duration.ofMinutes(10)));
    }

    @Test
    void shippedFileGivenAsAFileChangesNothing() throws Exception {
        RunnelConfig given = files.read(Path.of("conf/runnel.yaml")).config();

        assertThat(given)
                .usingRecursiveComparison()
                .ignoringFields("file")
                .isEqualTo(files.read().config());
    }

    @Test
    void objectsMergeAndListsReplace() throws Exception {
        Path file = files.write("""
                http: { port: 9 }
                auth:
                defaultModel: a
                models:
                  - { name: a, engine: scripted, text: "x", system: "", template: none, nested: { deep: [1] } }
                  - { name: b, engine: scripted, system: Be kind }
                """);

        RunnelConfig config = files.read(file).config();

        assertThat(config.file()).contains(file);
        assertThat(config.http().port()).isEqualTo(9);
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.auth().issuer()).isEqualTo("runnel");
        assertThat(config.models())
                .containsExactly(
                        new ModelConfig(
                                "a",
                                "scripted",
                                ModelConfig.Template.NONE,
                                "",
                                Sampling.UNSET,
                                Map.of("text", "x", "nested", Map.of("deep", List.of("1")))),
                        new ModelConfig(
                                "b", "scripted", ModelConfig.Template.CHAT, "Be kind", Sampling.UNSET, Map.of()));
    }

    @Test
    void emptyFileIsTheDefaults() throws Exception {
        assertThat(files.read(files.write("")).config().http())
                .isEqualTo(files.read().config().http());
        assertThat(files.read(files.write("# nothing\n")).config().http())
                .isEqualTo(files.read().config().http());
        assertThat(files.read(files.write("\uFEFFhttp: {port: 1}"))
                        .config()
                        .http()
                        .port())
                .isEqualTo(1);
    }

    @Test
    void valueIsTheTextThatWasWritten() throws Exception {
        Path file = files.write("""
                defaultModel: no
                models: [ { name: no, engine: scripted, version: 1.10, system: 'yes' } ]
                """);

        ModelConfig model = files.read(file).config().models().get(0);

        assertThat(model.name()).isEqualTo("no");
        assertThat(model.system()).isEqualTo("yes");
        assertThat(model.settings()).containsEntry("version", "1.10");
    }

    @Test
    void fileThatIsNotThereIsOneClearLine() {
        Path missing = folder.resolve("missing.yaml");

        assertThat(files.complaintsOf(Optional.of(missing)))
                .containsExactly(missing + ": no such file (named by --config)");

        files.set("RUNNEL_CONFIG", missing.toString());
        assertThat(files.complaintsOf(Optional.empty()))
                .containsExactly(missing + ": no such file (named by RUNNEL_CONFIG)");
    }

    @Test
    void directoryAsAFileIsOneClearLine() {
        assertThat(files.complaintsOf(Optional.of(folder)))
                .singleElement()
                .asString()
                .startsWith(folder + ": cannot be read (named by --config)");
    }

    @Test
    void allComplaintsAreReportedAtOnce() {
        files.set("RUNNEL_MANAGEMENT_PORT", "x");

        List<String> complaints = files.complaints("""
                http: { port: 70000, prot: 1 }
                generation: { queue: -1 }
                defaultModel: c
                models: [ { name: a, engine: scripted }, { name: a, engine: scripted, templat: none } ]
                """);

        assertThat(complaints)
                .containsExactlyInAnyOrder(
                        "http.port: 70000 (expected: 0 … 65535)",
                        "http.prot: unknown key (did you mean port?)",
                        "RUNNEL_MANAGEMENT_PORT: x (expected: 0 … 65535)",
                        "generation.queue: -1 (expected: 0 … 100000)",
                        "models[1].name: a (expected: a name that no other model has)",
                        "models[1].templat: unknown key (did you mean template?)",
                        "defaultModel: c (expected: one of models: a, a)");
    }

    @Test
    void secretComesFromAFileBesideTheConfiguration() throws Exception {
        Files.writeString(folder.resolve("key.txt"), LONG_SECRET + "\n");

        AuthConfig auth = files.read(files.write("auth: { secretFile: key.txt }"))
                .config()
                .auth();

        assertThat(auth.secret()).contains(new Secret(LONG_SECRET.getBytes(StandardCharsets.UTF_8)));
        assertThat(auth.toString()).doesNotContain("0123456789");
    }

    @Test
    void secretIsRepeatedInNoComplaint() throws IOException {
        Files.writeString(folder.resolve("short.txt"), "hunter2\n");

        assertThat(files.complaints("auth: { secret: hunter2 }"))
                .containsExactly("auth.secret: 7 characters (expected: 32 bytes or more)");
        assertThat(files.complaints("auth: { secretFile: short.txt }"))
                .containsExactly("auth.secretFile: " + folder.resolve("short.txt")
                        + " (expected: a readable file of 32 bytes or more)");
        assertThat(files.complaints("auth: { secret: \"hunter2\n\n\nhttp: ["))
                .noneMatch(line -> line.contains("hunter2"));
        assertThat(files.complaints("auth: { secret: %s, secretFile: short.txt }".formatted(LONG_SECRET)))
                .anyMatch(line -> line.startsWith("auth.secretFile: ") && line.endsWith("absent if secret is set)"))
                .noneMatch(line -> line.contains("0123456789"));
    }

    @Test
    void pathsAreRelativeToTheFileThatTheyStandIn() throws Exception {
        Path file = files.write("""
                defaultModel: a
                models: [ { name: a, engine: x, sources: [ { file: sub/../a.gguf }, { file: ~/b.gguf } ], keyFile: /k } ]
                """);

        Map<String, Object> settings = files.read(file).config().models().get(0).settings();

        assertThat(settings)
                .containsEntry("keyFile", "/k")
                .containsEntry(
                        "sources",
                        List.of(
                                Map.of("file", folder.resolve("a.gguf").toString()),
                                Map.of("file", folder.resolve("home/b.gguf").toString())));
    }
}
