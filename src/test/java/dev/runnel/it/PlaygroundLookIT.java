package dev.runnel.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.runnel.it.PlaygroundPage.awaitStatus;
import static dev.runnel.it.PlaygroundPage.button;
import static dev.runnel.it.PlaygroundPage.choose;
import static dev.runnel.it.PlaygroundPage.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each state of the playground on a desktop and on a phone, light and dark. axe finds nothing, and nothing is wider
 * than the window. The pictures are kept.
 */
class PlaygroundLookIT {

    private static final String CONFIG = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, echo: true }
          - { name: broken, engine: scripted, text: "It broke here.", failAfter: 2, interval: 5ms }
        plans: [ { name: unlimited } ]
        """;

    private static final String EVERY_FORM = """
        # A fox in the snow

        The fox **saw** a *light*, and read [a sign](https://example.com/): `no foxes`.

        1. It waited.
           - It was cold.
           - It was late.
        2. It went on.

        > The sign was ~~old~~ new.

        | hour | mice | weather |
        |---|---:|:---:|
        | 1 | 3 | snow |

        ---

        ```java
        System.out.println("A line that is too long for a phone, and for the column of a comparison too.");
        ```
        """;

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

    @ParameterizedTest(name = "{0} x {1}, {2}")
    @CsvSource({"1280, 800, LIGHT", "1280, 800, DARK", "360, 640, LIGHT", "360, 640, DARK"})
    void everyStateIsAccessibleAndFitsTheWindow(int width, int height, ColorScheme scheme) throws Exception {
        Page page = chromium.page(new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setIsMobile(width < height)
                .setHasTouch(width < height)
                .setColorScheme(scheme));
        List<String> urls = new CopyOnWriteArrayList<>();
        page.onRequest(request -> urls.add(request.url()));
        String form = String.format(Locale.ROOT, "%d-%s", width, scheme.name().toLowerCase(Locale.ROOT));

        enterKey(page, form);
        answer(page, form);
        compare(page, form);

        assertThat(urls).allMatch(url -> url.startsWith(service.url() + "/"), "of this service");
        assertThat(chromium.complaints()).allMatch(text -> text.contains("401"), "of the refused key");
        page.close();
    }

    private static void check(Page page, String state, String form) throws IOException {
        Chromium.picture(page, state + "-" + form + ".png");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as(state)
                .isEqualTo(true);
        Chromium.checkAccessibility(page);
    }

    private static void enterKey(Page page, String form) throws IOException {
        page.navigate(service.url());
        Locator key = page.getByLabel("Key", new Page.GetByLabelOptions().setExact(true));
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        check(page, "key", form);
        key.fill("nonsense");
        button(page, "Use this key").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("The service refuses the key");
        check(page, "key-refused", form);
        key.fill(service.key());
        button(page, "Use this key").click();
        assertThat(page.locator("#left")).hasText("Plan unlimited: no limits");
        check(page, "empty", form);
        page.getByText("Parameters").click();
        check(page, "parameters", form);
        page.getByLabel("Most tokens").fill("4096");
        page.getByText("Parameters").click();
    }

    private static void answer(Page page, String form) throws IOException {
        send(page, EVERY_FORM);
        awaitStatus(page, "done");
        check(page, "answer", form);
        button(page, "Events").click();
        assertThat(page.locator("#lines")).containsText("data: [DONE]");
        assertThat(page.locator("#lines")).isInViewport();
        check(page, "events", form);
        button(page, "Events").click();
        button(page, "Show this request as code").click();
        check(page, "code", form);
        button(page, "Close").click();
        choose(page, "broken");
        send(page, "Go on.");
        awaitStatus(page, "failed");
        check(page, "failed", form);
        button(page, "Edit the last message").click();
        check(page, "edit", form);
        button(page, "Keep it as it was").click();
        choose(page, "echo");
    }

    private static void compare(Page page, String form) throws IOException {
        button(page, "New conversation").click();
        for (int more = 1; more <= 3; more++) {
            button(page, "Compare").click();
        }
        assertThat(button(page, "Compare")).isDisabled();
        send(page, EVERY_FORM);
        assertThat(page.locator(".answer[data-status=done]")).hasCount(4);
        check(page, "four", form);
        button(page, "Remove model 4").click();
        assertThat(page.locator(".answer")).hasCount(3);
    }
}
