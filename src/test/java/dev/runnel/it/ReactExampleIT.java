package dev.runnel.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The React component in {@code src/examples}, in a real browser against the real service. */
class ReactExampleIT {

    private static final String CONFIG = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, echo: true, interval: 1ms }
          - { name: slow, engine: scripted, text: "tick ", repeat: true, interval: 100ms }
          - { name: failing, engine: scripted, text: "one two three", failAfter: 2, failure: upstream_failed }
        plans:
          - { name: unlimited }
          - { name: single, concurrentGenerations: 1 }
        """;

    private static final String TEXT = "Ein \"Märchen\": 🦊 <b>a\u0301</b> \\ Ende.";

    /** An application with the component, in the mode in which React runs every effect twice. */
    private static final String APPLICATION = """
        import { StrictMode } from 'react';
        import { createRoot } from 'react-dom/client';
        import { StreamingChat } from './src/examples/StreamingChat.jsx';

        const { apiKey, model } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
        const root = createRoot(document.getElementById('root'));
        root.render(
          <StrictMode>
            <StreamingChat url={location.origin} apiKey={apiKey} model={model} />
          </StrictMode>);
        window.removeComponent = () => root.unmount();
        """;

    private static final String PAGE = """
        <!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Example</title><link rel="icon" href="data:,">
        <main><h1>Example</h1><div id="root"></div></main><script src="/example.js"></script></html>\
        """;

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    @AutoClose
    private static Chromium chromium;

    private static Path application;

    @BeforeAll
    static void start() throws Exception {
        Example.requireNode();
        List.of("react", "react-dom", "esbuild").forEach(NpmPackages::require);
        chromium = Chromium.open();
        application = bundle();
        service = RunningService.start(Launch.IN_PROCESS, CONFIG, data);
    }

    private static Path bundle() throws Exception {
        Path source = Files.writeString(data.resolve("application.jsx"), APPLICATION);
        Path bundle = data.resolve("example.js");
        ProcessBuilder builder = new ProcessBuilder(
                        NpmPackages.modules().resolve(".bin/esbuild").toString(),
                        "--bundle",
                        "--loader=jsx",
                        "--jsx=automatic",
                        "--outfile=" + bundle)
                .redirectInput(source.toFile())
                .redirectErrorStream(true);
        builder.environment().put("NODE_PATH", NpmPackages.modules().toString());
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return bundle;
    }

    /** So that a failed test does not fail the next one too. */
    @AfterEach
    void forgetComplaints() {
        chromium.complaints();
    }

    private static Page open(String key, String model) {
        Page page = chromium.page(600, 400);
        // Of the origin of the service, as where a user's own server forwards /v1.
        page.route(
                service.url() + "/example",
                route -> route.fulfill(
                        new Route.FulfillOptions().setContentType("text/html").setBody(PAGE)));
        page.route(
                service.url() + "/example.js", route -> route.fulfill(new Route.FulfillOptions().setPath(application)));
        String settings =
                new JsonObject().put("apiKey", key).put("model", model).encode();
        page.navigate(service.url() + "/example#" + settings);
        return page;
    }

    private static void generate(Page page, String prompt) {
        page.getByLabel("Prompt").fill(prompt);
        button(page, "Generate").click();
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    private static Locator alert(Page page) {
        return page.getByRole(AriaRole.ALERT);
    }

    @Test
    void textsAreShownOneAfterTheOther() throws Exception {
        Page page = open(service.key(), "echo");

        generate(page, TEXT);
        assertThat(page.locator("pre")).hasText(TEXT);
        assertThat(button(page, "Generate")).isEnabled();
        generate(page, "x".repeat(600));

        assertThat(page.getByRole(AriaRole.STATUS)).hasText("The text is longer than 500 tokens.");
        assertThat(page.locator("pre")).hasText("x".repeat(500));
        assertThat(alert(page)).hasCount(0);
        Chromium.checkAccessibility(page);
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void stopKeepsTheTextAndCancelsTheGeneration() {
        Client user = new Client(service.url(), service.key("single"));
        Page page = open(user.key(), "slow");
        generate(page, "x");
        assertThat(page.locator("pre")).containsText("tick tick");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Generating...");
        assertThat(user.running()).isEqualTo(1);

        button(page, "Stop").click();

        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Stopped");
        assertThat(page.locator("pre")).containsText("tick tick");
        assertThat(button(page, "Generate")).isEnabled();
        assertThat(alert(page)).hasCount(0);
        user.awaitNoneRunning();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void removedComponentCancelsItsGeneration() {
        Client user = new Client(service.url(), service.key("single"));
        Page page = open(user.key(), "slow");
        generate(page, "x");
        assertThat(page.locator("pre")).containsText("tick");
        assertThat(user.running()).isEqualTo(1);

        page.evaluate("removeComponent()");

        user.awaitNoneRunning();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void errorEventIsShownBelowTheTextSoFar() {
        Page page = open(service.key(), "failing");

        generate(page, "x");

        assertThat(alert(page)).not().isEmpty();
        assertThat(page.locator("pre")).hasText("one two");
        assertThat(page.getByRole(AriaRole.STATUS)).isEmpty();
        assertThat(button(page, "Generate")).isEnabled();
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void messageOfARefusalIsShown() {
        Page page = open("nonsense", "echo");

        generate(page, "x");

        assertThat(alert(page)).containsText("key");
        assertThat(page.locator("pre")).isEmpty();
        assertThat(button(page, "Generate")).isEnabled();
    }

    @Test
    void cutStreamIsAnError() throws Exception {
        Page page = open(service.key(), "slow");
        page.route(
                "**/v1/generate/stream",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody("data: {\"id\":\"gen_1\",\"text\":\"tick\",\"delta\":\"tick\"}\n\ndata: {\"id")));

        generate(page, "x");

        assertThat(alert(page)).hasText("The stream was cut.");
        assertThat(page.locator("pre")).hasText("tick");
    }

    @Test
    void answerOfAProxyIsAnError() {
        Page page = open(service.key(), "slow");
        page.route(
                "**/v1/generate/stream",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(502)
                        .setContentType("text/html")
                        .setBody("<html>Bad gateway</html>")));

        generate(page, "x");

        assertThat(alert(page)).hasText("HTTP 502");
        assertThat(button(page, "Generate")).isEnabled();
    }
}
