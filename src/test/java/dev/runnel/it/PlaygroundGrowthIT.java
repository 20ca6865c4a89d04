package dev.runnel.it;

import static dev.runnel.it.PlaygroundPage.answer;
import static dev.runnel.it.PlaygroundPage.awaitStatus;
import static dev.runnel.it.PlaygroundPage.button;
import static dev.runnel.it.PlaygroundPage.choose;
import static dev.runnel.it.PlaygroundPage.send;
import static dev.runnel.it.PlaygroundPage.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an answer grows in the playground: how often it is painted, what of it stays as it is, and what is in view. */
class PlaygroundGrowthIT {

    private static final int TEXT_CHARACTERS = 12_000;

    /** The pause between two paints is at least 50 ms. It is seen at their ends, and each takes a few milliseconds. */
    private static final double SHORTEST_GAP_MILLIS = 40;

    /** A browser lays out a section as a whole. A paint brings at most 2,000 characters. */
    private static final int MAX_SECTION_CHARACTERS = 6000;

    private static final String IS_LONG = "document.documentElement.scrollHeight > 3 * innerHeight";

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    @AutoClose
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.open();
        service = RunningService.start(
                Launch.IN_PROCESS,
                """
                generation: { maxTokens: 100000 }
                plans: [ { name: unlimited } ]
                defaultModel: long
                models:
                  - %s
                  - { name: echo, engine: scripted, echo: true }
                """.formatted(new JsonObject()
                        .put("name", "long")
                        .put("engine", "scripted")
                        .put("text", LongTexts.MARKDOWN.text().substring(0, TEXT_CHARACTERS))
                        .put("interval", "1ms")),
                data);
    }

    /** So that a failed test does not fail the next one too. */
    @AfterEach
    void forgetComplaints() {
        chromium.complaints();
    }

    private static Page open() {
        Page page = chromium.page(1100, 600);
        page.navigate(service.url() + "/#key=" + service.key());
        page.getByText("Parameters").click();
        page.getByLabel("Most tokens").fill("100000");
        page.getByText("Parameters").click();
        return page;
    }

    /** Playwright's own wait for an expression needs {@code eval}, which the page forbids. */
    private static void await(Page page, String expression) {
        page.evaluate("""
            () => new Promise((resolve, reject) => {
              const check = (left) => %s ? resolve()
                : left === 0 ? reject(new Error('never true')) : setTimeout(check, 50, left - 1);
              check(400);
            })\
            """.formatted(expression));
    }

    @Test
    void textIsPaintedAtMostEvery50Millis() {
        Page page = open();
        send(page, "Go on.");
        page.waitForSelector(".text .heading");

        Object gaps = page.evaluate("""
            () => new Promise((resolve) => {
              const text = document.querySelector('.text');
              const gaps = [];
              let last = null;
              new MutationObserver(() => {
                const now = performance.now();
                if (last !== null) gaps.push(now - last);
                last = now;
                if (gaps.length === 10) resolve(gaps);
              }).observe(text, { childList: true, characterData: true, subtree: true });
            })\
            """);

        assertThat((List<?>) gaps)
                .hasSize(10)
                .allSatisfy(gap -> assertThat(((Number) gap).doubleValue()).isGreaterThan(SHORTEST_GAP_MILLIS));
        page.close();
    }

    @Test
    void finishedBlocksStayAsTheyAreWhileTheTextGrows() {
        Page page = open();
        send(page, "Go on.");
        page.waitForSelector(".text .table");
        page.evaluate("document.querySelector('.text .heading').isMarked = true");

        awaitStatus(page, "done");

        assertThat(page.evaluate("document.querySelector('.text .heading').isMarked"))
                .isEqualTo(true);
        assertThat((List<?>) page.evaluate("""
            [...document.querySelectorAll('.section')].map((section) => section.textContent.length)\
            """))
                .hasSizeGreaterThan(2)
                .allSatisfy(length -> assertThat((Integer) length).isLessThan(MAX_SECTION_CHARACTERS));
        // The last one holds the blocks that may still change.
        assertThat(text(page).locator(".section:not(.complete)").count()).isBetween(1, 2);
        assertThat(chromium.complaints()).isEmpty();
        page.close();
    }

    @Test
    void earlierTurnsStayWhereTheyAreWhenOneIsAdded() {
        Page page = open();
        choose(page, "echo");
        send(page, "First.");
        awaitStatus(page, "done");
        page.evaluate("""
            () => {
              window.removed = 0;
              new MutationObserver((changes) => changes.forEach((change) => {
                window.removed += [...change.removedNodes].filter((node) => node.matches?.('.turn, .answer')).length;
              })).observe(document.getElementById('turns'), { childList: true, subtree: true });
            }\
            """);

        send(page, "Second.");
        awaitStatus(page, "done");
        assertThat(page.evaluate("removed")).isEqualTo(0);
        button(page, "Regenerate the answer").click();
        awaitStatus(page, "done");

        assertThat(page.evaluate("removed")).isEqualTo(1);
        assertThat(page.locator(".answer").allTextContents()).hasSize(2);
        assertThat(button(page, "Edit the last message").count()).isEqualTo(1);
        assertThat(chromium.complaints()).isEmpty();
        page.close();
    }

    @Test
    void pageShowsTheEndOfTheTextWhileItGrows() {
        Page page = open();
        send(page, "Go on.");

        await(page, IS_LONG);
        awaitStatus(page, "done");

        await(page, "innerHeight + scrollY >= document.documentElement.scrollHeight - 1");
        assertThat(page.evaluate("document.activeElement.id")).isEqualTo("message");
        page.close();
    }

    @Test
    void pageStaysWhereItsUserHasScrolledTo() {
        Page page = open();
        send(page, "Go on.");
        await(page, IS_LONG);

        page.evaluate("scrollTo(0, 100)");
        awaitStatus(page, "done");

        assertThat(page.evaluate("scrollY")).isEqualTo(100);
        assertThat(answer(page).locator(".status").textContent()).contains("tokens");
        page.close();
    }
}
