package dev.runnel.it;

import static dev.runnel.it.PlaygroundPage.awaitStatus;
import static dev.runnel.it.PlaygroundPage.button;
import static dev.runnel.it.PlaygroundPage.choose;
import static dev.runnel.it.PlaygroundPage.send;
import static dev.runnel.it.PlaygroundPage.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Texts of 100 KB in the playground, in a real browser. {@code -Drunnel.generations=50} generates more often, and
 * prints the longest tasks of the page, which needs a quiet machine. {@code -Plong} sets it.
 */
class PlaygroundLoadIT {

    private static final int GENERATIONS = Integer.getInteger("runnel.generations", 5);
    private static final int ROUNDS = Integer.getInteger("runnel.rounds", 3);
    /** The code of the scripts alone comes and goes by half of it. */
    private static final double MAX_GROWTH_BYTES = 2 << 20;
    /** An answer has 13,000 nodes. How many exactly depends on where its text was divided to be painted. */
    private static final double MAX_GROWTH_NODES = 1000;

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    @AutoClose
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.open();
        PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
        service = RunningService.start(Launch.IN_PROCESS, """
            generation: { maxTokens: 100000 }
            plans: [ { name: unlimited } ]
            defaultModel: markdown-0ms
            models:
            """ + models(), data);
    }

    /** Each text as fast as it is sent, and with 1 ms between tokens. */
    private static String models() {
        return Stream.of(LongTexts.values())
                .flatMap(form -> Stream.of("0ms", "1ms")
                        .map(interval -> new JsonObject()
                                .put("name", name(form, interval))
                                .put("engine", "scripted")
                                .put("text", form.text())
                                .put("interval", interval)))
                .map(model -> "  - " + model + "\n")
                .collect(Collectors.joining());
    }

    private static String name(LongTexts form, String interval) {
        return form.name().toLowerCase(Locale.ROOT) + "-" + interval;
    }

    private static Page open(String model) {
        Page page = chromium.page(1100, 800);
        page.navigate(service.url() + "/#key=" + service.key());
        choose(page, model);
        page.getByText("Parameters").click();
        page.getByLabel("Most tokens").fill("100000");
        page.getByText("Parameters").click();
        return page;
    }

    @Test
    void memoryOfThePageStaysTheSame() {
        Page page = open("markdown-0ms");
        CDPSession browser = page.context().newCDPSession(page);
        browser.send("Performance.enable");
        List<Map<String, Double>> found = new ArrayList<>();

        for (int generation = 1; generation <= GENERATIONS; generation++) {
            if (generation == 1) {
                send(page, "Write a long text.");
            } else {
                button(page, "Regenerate the answer").click();
            }
            awaitStatus(page, "done");
            assertThat(text(page).locator("table").count()).isPositive();
            if (generation % (GENERATIONS / 5) == 0) {
                found.add(memory(browser));
                System.out.printf(Locale.ROOT, "after %d generations: %s%n", generation, found.get(found.size() - 1));
            }
        }

        Map<String, Double> first = found.get(0);
        Map<String, Double> last = found.get(found.size() - 1);
        assertThat(last.get("Nodes")).isLessThan(first.get("Nodes") + MAX_GROWTH_NODES);
        assertThat(last.get("JSEventListeners")).isLessThanOrEqualTo(first.get("JSEventListeners"));
        assertThat(last.get("JSHeapUsedSize")).isLessThan(first.get("JSHeapUsedSize") + MAX_GROWTH_BYTES);
        assertThat(chromium.complaints()).isEmpty();
        page.close();
    }

    /** After a collection of garbage. */
    private static Map<String, Double> memory(CDPSession browser) {
        browser.send("HeapProfiler.collectGarbage");
        Map<String, Double> memory = new TreeMap<>();
        for (JsonElement metric : browser.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            String name = metric.getAsJsonObject().get("name").getAsString();
            if (List.of("JSHeapUsedSize", "Nodes", "JSEventListeners").contains(name)) {
                memory.put(name, metric.getAsJsonObject().get("value").getAsDouble());
            }
        }
        return memory;
    }

    /** In the page: an assertion of Playwright reads the whole page each time that it fails, in a task of the page. */
    private static void awaitEnd(Page page) {
        page.evaluate("""
            () => new Promise((resolve) => {
              const check = () => document.querySelector('.answer')?.dataset.status === 'done'
                ? resolve() : setTimeout(check, 250);
              check();
            })\
            """);
    }

    @ParameterizedTest(name = "{0}, events shown: {1}")
    @CsvSource({
        "markdown-1ms, false",
        "markdown-1ms, true",
        "markdown-0ms, false",
        "code-1ms, false",
        "paragraph-1ms, false",
        "list-1ms, false"
    })
    @EnabledIfSystemProperty(named = "runnel.generations", matches = "\\d\\d+")
    void wholeTextIsShownWhileTasksAreMeasured(String model, boolean showsEvents) throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            Page page = open(model);
            if (showsEvents) {
                button(page, "Events").click();
            }
            BrowserTrace trace = chromium.trace(page, () -> {
                send(page, "Write a long text.");
                awaitEnd(page);
            });
            System.out.printf(
                    "%s, events shown: %s: longest %s; busiest %s%n",
                    model, showsEvents, trace.longest(), trace.busiest());
            assertThat(text(page).textContent()).hasSizeGreaterThan(LongTexts.BYTES / 4);
            page.close();
        }
        assertThat(chromium.complaints()).isEmpty();
    }
}
