package dev.runnel.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.runnel.it.PlaygroundPage.answer;
import static dev.runnel.it.PlaygroundPage.awaitStatus;
import static dev.runnel.it.PlaygroundPage.button;
import static dev.runnel.it.PlaygroundPage.choose;
import static dev.runnel.it.PlaygroundPage.message;
import static dev.runnel.it.PlaygroundPage.send;
import static dev.runnel.it.PlaygroundPage.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The playground in a real browser, with models whose texts are known. */
class PlaygroundIT {

    private static final String CONFIG = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, echo: true }
          - { name: slow, engine: scripted, pieces: ["Once ", "upon ", "a ", "time "], repeat: true, interval: 10ms }
          - { name: short, engine: scripted, text: "A short story.", interval: 5ms }
          - { name: broken, engine: scripted, text: "It broke here.", failAfter: 2, interval: 5ms }
        plans:
          - { name: unlimited }
          - { name: tiny, requestsPerMinute: 1 }
        """;

    /** What Chromium itself says of a status or a connection. */
    private static final Pattern OF_THE_NETWORK = Pattern.compile("Failed to load resource: .*");

    @TempDir
    static Path data;

    @AutoClose
    private static RunningService service;

    @AutoClose
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.open();
        service = RunningService.start(Launch.IN_PROCESS, CONFIG, data);
    }

    /** So that a failed test does not fail the next one too. */
    @AfterEach
    void forgetComplaints() {
        chromium.complaints();
    }

    private static void assertNoComplaint() {
        assertThat(chromium.complaints()).isEmpty();
    }

    private static void assertComplaintsOfTheNetworkOnly() {
        assertThat(chromium.complaints())
                .allMatch(text -> OF_THE_NETWORK.matcher(text).matches(), "of the network");
    }

    private static Page open() {
        return open(service.url(), service.key());
    }

    private static Page open(String url, String key) {
        Page page = chromium.page(1100, 800);
        page.navigate(url + "/#key=" + key);
        return page;
    }

    @Test
    void keyOfTheLinkIsUsedAndLeavesTheAddress() {
        Page page = open();

        assertThat(page.locator("#left")).hasText("Plan unlimited: no limits");
        assertThat(page.url()).isEqualTo(service.url() + "/");
        assertThat(page.evaluate("JSON.stringify(localStorage)").toString()).doesNotContain("eyJ");
        assertNoComplaint();
    }

    @Test
    void secondTurnContainsTheFirst() {
        Page page = open();
        send(page, "Say **this**.");
        awaitStatus(page, "done");
        assertThat(text(page).locator("strong")).hasText("this");
        button(page, "Events").click();

        send(page, "And that.");

        awaitStatus(page, "done");
        assertThat(text(page)).hasText("And that.");
        assertThat(page.locator(".turn")).hasCount(2);
        assertThat(answer(page).locator(".status")).containsText("tokens");
        assertThat(page.locator("#lines")).containsText("data: [DONE]");
        button(page, "Show this request as code").last().click();
        assertThat(page.locator("#code")).containsText("\"content\": \"Say **this**.\"");
        assertNoComplaint();
    }

    @Test
    void conversationOutlivesAReloadAndTheKeyToo() {
        Page page = open();
        send(page, "Stay here.");
        awaitStatus(page, "done");

        page.reload();

        assertThat(text(page)).hasText("Stay here.");
        assertThat(page.locator("#left")).hasText("Plan unlimited: no limits");
        assertNoComplaint();
    }

    @Test
    void answerThatAReloadInterruptsIsContinued() {
        Page page = open();
        choose(page, "slow");
        send(page, "Go on.");
        assertThat(text(page)).containsText("Once upon a time Once");

        page.reload();

        assertThat(answer(page).locator(".status")).containsText("connection resumed once");
        awaitStatus(page, "done");
        assertThat(text(page).textContent().strip())
                .isEqualTo("Once upon a time ".repeat(64).strip());
        assertNoComplaint();
    }

    @Test
    void stopEndsTheGeneration() {
        Page page = open();
        choose(page, "slow");
        send(page, "Go on.");
        assertThat(text(page)).containsText("Once");

        page.keyboard().press("Escape");

        awaitStatus(page, "stopped");
        assertThat(answer(page).locator(".status")).containsText("stopped");
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("The answer is stopped.");
        assertThat(button(page, "Send")).isVisible();
        assertNoComplaint();
    }

    @Test
    void lostConnectionIsResumed() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(service.ports().http(), 0, 1)) {
            Page page = open(proxy.url(), service.key());
            choose(page, "slow");
            send(page, "Go on.");
            assertThat(text(page)).containsText("Once upon a time Once");

            proxy.cutAll();

            awaitStatus(page, "done");
            assertThat(answer(page).locator(".status")).containsText("connection resumed once");
            assertThat(text(page).textContent().strip())
                    .isEqualTo("Once upon a time ".repeat(64).strip());
            Chromium.picture(page, "resumed.png");
            assertComplaintsOfTheNetworkOnly();
        }
    }

    @Test
    void refusedKeyIsAskedForAgain() {
        Page page = chromium.page(1100, 800);
        page.navigate(service.url());
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        page.getByLabel("Key", new Page.GetByLabelOptions().setExact(true)).fill("nonsense");
        button(page, "Use this key").click();

        assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("The service refuses the key");
        page.getByLabel("Key", new Page.GetByLabelOptions().setExact(true)).fill(service.key());
        button(page, "Use this key").click();

        assertThat(page.locator("#left")).hasText("Plan unlimited: no limits");
        assertComplaintsOfTheNetworkOnly();
    }

    @Test
    void limitThatIsReachedIsShown() {
        Page page = open(service.url(), service.key("tiny"));
        send(page, "One.");
        awaitStatus(page, "done");
        assertThat(page.locator("#left")).hasText("Plan tiny: 0 of 1 requests left");

        send(page, "Two.");

        awaitStatus(page, "failed");
        assertThat(answer(page).locator(".problem")).containsText("requests per minute");
        assertComplaintsOfTheNetworkOnly();
    }

    @Test
    void errorInMidStreamKeepsTheTextAndIsShown() {
        Page page = open();
        choose(page, "broken");

        send(page, "Go on.");

        awaitStatus(page, "failed");
        assertThat(text(page)).hasText("It broke");
        assertThat(answer(page).locator(".problem")).not().isEmpty();
        assertThat(button(page, "Regenerate the answer")).isVisible();
        assertNoComplaint();
    }

    @Test
    void lastTurnIsEditedAndRegenerated() {
        Page page = open();
        send(page, "First.");
        awaitStatus(page, "done");
        send(page, "Second.");
        assertThat(text(page)).hasText("Second.");
        awaitStatus(page, "done");

        button(page, "Edit the last message").click();
        message(page).fill("Changed.");
        page.keyboard().press("Enter");
        assertThat(text(page)).hasText("Changed.");
        awaitStatus(page, "done");
        button(page, "Regenerate the answer").click();

        awaitStatus(page, "done");
        assertThat(text(page)).hasText("Changed.");
        assertThat(page.locator(".said")).hasText(new String[] {"First.", "Changed."});
        assertNoComplaint();
    }

    @Test
    void modelsAnswerSideBySide() throws Exception {
        Page page = open();
        button(page, "Compare").click();
        page.getByLabel("Name").nth(1).selectOption("short");

        send(page, "Tell me a story.");

        assertThat(page.locator(".answer[data-status=done]")).hasCount(2);
        assertThat(page.locator(".answer .text")).hasText(new String[] {"Tell me a story.", "A short story."});
        Chromium.picture(page, "compare.png");
        Chromium.checkAccessibility(page);
        button(page, "Remove model 1").click();
        assertThat(page.locator(".answer .text")).hasText("A short story.");
        assertNoComplaint();
    }

    @Test
    void textOfAModelStaysText() {
        List<String> hostile = List.of(
                "<img src=x onerror=\"window.hacked=1\">",
                "<script>window.hacked=1</script>",
                "[a link](javascript:window.hacked=1) <javascript:window.hacked=1>",
                "[data](data:text/html,x) ![image](http://127.0.0.1:1/x.png)",
                "<svg/onload=window.hacked=1> <iframe srcdoc=x></iframe> <a href=/ onclick=x>y</a>",
                "| a | b |\n|---|---|\n| <b>bold</b> | `<i>` |",
                "a\u202Eb\u2066c\u0007d\u200Be \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                ">".repeat(300),
                "```html\n<img src=x onerror=window.hacked=1>\n```",
                "x".repeat(2000));
        Page page = open();
        page.getByText("Parameters").click();
        page.getByLabel("Most tokens").fill("4096");

        send(page, String.join("\n\n", hostile));

        awaitStatus(page, "done");
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        assertThat(text(page).locator("img, script, svg, iframe, b, i, a, style, object, form"))
                .hasCount(0);
        String shown = text(page).textContent();
        assertThat(shown)
                .contains("<img src=x onerror=\"window.hacked=1\">", "javascript:window.hacked=1", "<b>bold</b>")
                .contains("a‹U+202E›b‹U+2066›c‹U+0007›d‹U+200B›e \uD83D\uDC68\u200D\uD83D\uDC69")
                .doesNotContain("\u202E", "\u0007");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertNoComplaint();
    }

    @Test
    void pageWorksOnAPhoneInTheDarkAndByKeyboard() throws Exception {
        Page page = chromium.page(new Browser.NewContextOptions()
                .setViewportSize(360, 640)
                .setIsMobile(true)
                .setHasTouch(true)
                .setColorScheme(ColorScheme.DARK)
                .setReducedMotion(ReducedMotion.REDUCE));
        page.navigate(service.url() + "/#key=" + service.key());
        assertThat(message(page)).isFocused();
        page.keyboard().type("# Title");
        page.keyboard().press("Shift+Enter");
        page.keyboard().press("Shift+Tab");
        page.keyboard().press("Tab");

        page.keyboard().type("some text");
        page.keyboard().press("Enter");

        awaitStatus(page, "done");
        assertThat(message(page)).isFocused();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("The answer is complete.");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        Chromium.picture(page, "phone.png");
        Chromium.checkAccessibility(page);
        assertNoComplaint();
    }
}
