package dev.runnel.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.runnel.it.PlaygroundPage.awaitStatus;
import static dev.runnel.it.PlaygroundPage.button;
import static dev.runnel.it.PlaygroundPage.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that the playground shows for a request run as they are copied. */
class PlaygroundCodeIT {

    private static final String CONFIG = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, echo: true }
        """;

    /** What shells and languages replace in their strings. */
    private static final String MESSAGE = "It's \"quoted\" \\u0041 $HOME `x` caf\u00e9 \uD83D\uDE00 ${1}";

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    @AutoClose
    private static Chromium chromium;

    /** Both show the code of their last request. */
    private static Page request;

    private static Page conversation;

    @BeforeAll
    static void start() throws Exception {
        requirePrograms();
        chromium = Chromium.open();
        service = RunningService.start(Launch.IN_PROCESS, CONFIG, data);
        request = open();
        ask(request, MESSAGE);
        conversation = open();
        ask(conversation, "One.");
        conversation.getByText("Parameters").click();
        fillParameters(conversation);
        ask(conversation, "three blind mice");
        for (Page page : List.of(request, conversation)) {
            button(page, "Show this request as code").last().click();
        }
    }

    private static Page open() {
        Page page = chromium.page(1100, 800);
        page.navigate(service.url() + "/#key=" + service.key());
        return page;
    }

    private static void ask(Page page, String message) {
        send(page, message);
        awaitStatus(page, "done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "JavaScript", "Python", "Java", "OpenAI SDK (Python)"})
    void requestAsCodeRuns(String language) throws Exception {
        assertThat(printed(request, language)).isEqualTo(MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "JavaScript", "Python", "Java", "OpenAI SDK (Python)"})
    void conversationWithParametersAsCodeRuns(String language) throws Exception {
        assertThat(printed(conversation, language)).isEqualTo("three bl");
    }

    /** The text that the shown program prints. */
    private static String printed(Page page, String language) throws Exception {
        page.getByLabel("Language").selectOption(language);
        String printed = run(language, page.locator("#code").textContent());
        assertThat(chromium.complaints()).isEmpty();
        return printed.startsWith("data: ") ? deltas(printed) : printed;
    }

    /** Every parameter. The bound on the tokens leaves less than the stop sequences do. */
    private static void fillParameters(Page page) {
        page.getByLabel("System text").fill("Be \"brief\".");
        page.getByLabel("Stop sequences, one a line").fill("mice\nrats");
        Map.of(
                        "Most tokens", "8",
                        "Temperature", "0.5",
                        "Top-p", "0.9",
                        "Top-k", "40",
                        "Seed", "7",
                        "Presence penalty", "-0.5",
                        "Frequency penalty", "1")
                .forEach((label, value) -> page.getByLabel(label).fill(value));
    }

    private static void requirePrograms() {
        Needed.program("curl", "curl", "--version");
        Example.requireNode();
        Needed.program("Python with requests and openai", "python3", "-c", "import requests, openai");
    }

    private static String run(String language, String program) throws Exception {
        Path file = Files.writeString(data.resolve("Generate.java"), program);
        List<String> command = switch (language) {
            case "curl" -> List.of("bash", "-c", program);
            case "JavaScript" -> List.of("node", "--input-type=module", "-e", program);
            case "Python", "OpenAI SDK (Python)" -> List.of("python3", "-c", program);
            default ->
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dstdout.encoding=UTF-8",
                        "-Dfile.encoding=UTF-8",
                        file.toString());
        };
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("RUNNEL_KEY", service.key());
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return printed;
    }

    private static String deltas(String events) {
        return events.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())).getString("delta"))
                .collect(Collectors.joining());
    }
}
