package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.llama.TinyModel;
import dev.runnel.engine.openai.Aimock;
import dev.runnel.it.SdkProgram.Outcome;
import dev.runnel.it.SdkProgram.Report;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Client libraries that others wrote, as their users have them, against one service. {@code src/test/sdk} has a program
 * for each. The page of clients has code for each and a table of what came out: the programs run the code, and the
 * table and the run agree.
 */
class SdkIT {

    private static final List<SdkProgram> PROGRAMS = List.of(
            new SdkProgram("openai (Python)", "python", "openai_points"),
            new SdkProgram("langchain-openai", "python", "langchain_points"),
            new SdkProgram("LiteLLM", "python", "litellm_points"),
            new SdkProgram("llm", "python", "llm_points"),
            new SdkProgram("openai (npm)", "node", "openai_points"),
            new SdkProgram("AI SDK", "node", "ai_sdk_points"),
            new SdkProgram("LangChain4j", "jvm", "LangChain4jPoints"),
            new SdkProgram("Spring AI", "jvm", "SpringAiPoints"));

    private static final int AT_ONCE = 2;

    /** More than the head of an answer, and less than the endless one. */
    private static final int CUT_AFTER_BYTES = 1500;

    private static final String CONFIG = """
            defaultModel: smollm2-135m-instruct
            models:
              - { name: echo, engine: scripted, echo: true, interval: 1ms }
              - { name: small, engine: scripted, echo: true, contextTokens: 8 }
              - name: slow
                engine: scripted
                text: "one two three four five six seven eight nine ten"
                interval: 100ms
              - { name: failing, engine: scripted, text: "one two three", failAfter: 2, failure: upstream_failed }
              - { name: smollm2-135m-instruct, engine: scripted, echo: true }
              - { name: ticks, engine: scripted, text: "tick ", repeat: true, interval: 5ms }
              - { name: tiny, engine: llama, sources: [ { file: %1$s } ], contextCells: 4096, threads: 1 }
              - { name: caller, engine: openai, tools: true, upstreams: [ { url: "%2$s", model: caller } ] }
              - name: broken
                engine: openai
                setAside: { first: 1ms, longest: 1ms }
                upstreams: [ { url: "%2$s", model: broken } ]
            %3$s
            generation: { queue: 0 }
            plans:
              - { name: unlimited }
              - { name: tight, requestsPerMinute: 30 }
            """;
    private static final String ENDLESS =
            "  - { name: %s, engine: scripted, text: \"tick\", repeat: true, interval: 1s, sequences: 1 }";

    @TempDir
    static Path folder;

    @AutoClose("shutdownNow")
    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_ONCE);

    @AutoClose
    private static Aimock upstream;

    @AutoClose
    private static RunningService service;

    @AutoClose
    private static CuttingProxy proxy;

    private static SdkPage page;

    private static final Map<SdkProgram, CompletableFuture<Report>> REPORTS = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        page = SdkPage.read();
        List<SdkProgram> programs =
                PROGRAMS.stream().filter(SdkProgram::isInstalled).toList();
        if (programs.isEmpty()) {
            return;
        }
        startService();
        for (SdkProgram program : programs) {
            Map<String, String> variables = variables(program);
            Files.writeString(
                    Path.of(variables.get("RUNNEL_SNIPPET")), page.snippets().get(program.library()));
            REPORTS.put(program, CompletableFuture.supplyAsync(() -> program.run(folder, variables), RUNS));
        }
    }

    private static void startService() throws Exception {
        Aimock.need();
        upstream = new Aimock(folder, answers(), "-c", "8");
        service = RunningService.start(Launch.IN_PROCESS, config(), folder.resolve("data"));
        proxy = CuttingProxy.always(service.ports().http(), CUT_AFTER_BYTES);
    }

    private static String config() throws IOException {
        Path tiny = TinyModel.write(folder.resolve("tiny.gguf"));
        String endless = PROGRAMS.stream()
                .map(program -> ENDLESS.formatted(endless(program)))
                .collect(Collectors.joining("\n"));
        return CONFIG.formatted(tiny, upstream.url(), endless);
    }

    private static String endless(SdkProgram program) {
        return "endless-" + program.environment() + "-" + program.program();
    }

    private static Map<String, String> variables(SdkProgram program) {
        return Map.of(
                "RUNNEL_URL", service.url(),
                "RUNNEL_KEY", service.key(),
                "RUNNEL_TIGHT_KEY", service.key("tight", endless(program)),
                "RUNNEL_CUT_URL", proxy.url(),
                "RUNNEL_METRICS", "http://127.0.0.1:" + service.ports().management() + "/metrics",
                "RUNNEL_ENDLESS", endless(program),
                "RUNNEL_SNIPPET", folder.resolve(program.snippet()).toString());
    }

    /** Of the upstream: a call of a tool, then what comes of its result; and a text that is cut. */
    private static JsonArray answers() {
        JsonObject call =
                new JsonObject().put("name", "weather").put("arguments", new JsonObject().put("city", "Oslo"));
        return new JsonArray()
                .add(answer(
                        new JsonObject().put("model", "caller").put("hasToolResult", true),
                        new JsonObject().put("content", "It is 21 degrees in Oslo.")))
                .add(answer(
                        new JsonObject().put("model", "caller").put("hasToolResult", false),
                        new JsonObject().put("toolCalls", new JsonArray().add(call))))
                .add(answer(
                                new JsonObject().put("model", "broken"),
                                new JsonObject().put("content", "one two three four five six"))
                        // Without a pause the connection closes before the text is sent.
                        .put("latency", 20)
                        .put("truncateAfterChunks", 3));
    }

    private static JsonObject answer(JsonObject match, JsonObject response) {
        return new JsonObject().put("match", match).put("response", response);
    }

    @Test
    void pageHasAColumnForEachLibrary() {
        Set<String> columns = page.cells().get(SdkPage.VERSION).keySet();

        assertThat(columns)
                .containsExactlyElementsOf(
                        PROGRAMS.stream().map(SdkProgram::library).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai_chat.py", "openai_background.py"})
    void exampleStreamsTheAnswer(String program) throws Exception {
        SdkProgram openai = PROGRAMS.get(0);
        Needed.installed(openai.isInstalled(), openai.howToInstall());
        String text = String.join(" ", List.of("Ein \"Märchen\":", "🦊 \u2028", "Ende."));

        assertThat(new Client(service.url(), service.key())
                        .run("target/sdk/python/bin/python3", "src/examples/" + program, text))
                .isEqualTo(text);
    }

    @Test
    void exampleContinuesABackgroundResponseAfterALostConnection() throws Exception {
        SdkProgram openai = PROGRAMS.get(0);
        Needed.installed(openai.isInstalled(), openai.howToInstall());
        try (CuttingProxy proxy = new CuttingProxy(service.ports().http(), 0, 1)) {
            ClientRun run = new Client(proxy.url(), service.key())
                    .withModel("slow")
                    .start(List.of("target/sdk/python/bin/python3", "src/examples/openai_background.py", "x"));
            run.awaitText();

            proxy.cutAll();

            ClientRun.Ended ended = run.end();
            assertThat(ended.out()).as(ended.err()).isEqualTo("one two three four five six seven eight nine ten");
            assertThat(ended.status()).isZero();
        }
    }

    @TestFactory
    Stream<DynamicContainer> libraryWorksAsThePageSays() {
        return PROGRAMS.stream().map(program -> DynamicContainer.dynamicContainer(program.library(), tests(program)));
    }

    private static Stream<DynamicTest> tests(SdkProgram program) {
        Stream<DynamicTest> version = Stream.of(DynamicTest.dynamicTest(
                SdkPage.VERSION,
                () -> assertThat(report(program).version()).isEqualTo(page.cell(SdkPage.VERSION, program))));
        Stream<DynamicTest> points =
                page.points().stream().map(point -> DynamicTest.dynamicTest(point, () -> check(program, point)));
        return Stream.concat(version, points);
    }

    private static Report report(SdkProgram program) throws Exception {
        Needed.installed(program.isInstalled(), program.howToInstall());
        return REPORTS.get(program).get();
    }

    private static void check(SdkProgram program, String point) throws Exception {
        Report report = report(program);
        Outcome outcome = report.outcomes().get(point);

        assertThat(outcome).as(report.log()).isNotNull();
        assertThat(outcome.verdict())
                .as("%s%n%s", outcome.reason(), report.log())
                .isEqualTo(page.cell(point, program).equals("yes") ? "ok" : "not offered");
    }
}
