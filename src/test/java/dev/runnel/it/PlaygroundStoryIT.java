package dev.runnel.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The playground with the default model, and its picture for the pages. */
class PlaygroundStoryIT {

    /** The picture of README and of the page, written with {@code -Drunnel.pages=write}. */
    private static final Path PICTURE = Path.of("src/site/resources/images/playground.png");

    private static final LocatorAssertions.HasAttributeOptions LONG =
            new LocatorAssertions.HasAttributeOptions().setTimeout(60_000);

    @Test
    void defaultModelWritesAStoryAndKnowsItInTheSecondTurn() throws Exception {
        try (Chromium chromium = Chromium.open();
                RunningService service = RunningService.start(Launch.IN_PROCESS, "", RealModelIT.DATA)) {
            Page page = chromium.page(1000, 860);
            page.navigate(service.url() + "/#key=" + service.key());
            page.getByText("Parameters").click();
            page.getByLabel("Most tokens").fill("60");
            page.getByLabel("Temperature").fill("0");
            page.getByText("Parameters").click();

            String story = ask(page, "Tell me a story about a fox in the snow.");
            String title = ask(page, "Who is the story about? Answer in one sentence.");

            assertThat(story).matches("(?s).*[A-Za-z]+ [A-Za-z]+ [A-Za-z]+.*");
            assertThat(title).containsIgnoringCase("fox");
            assertThat(page.locator(".answer .status").last())
                    .hasText(Pattern.compile("first token [0-9.]+ s · [0-9]+ tokens/s · .*"));
            Chromium.picture(page, "playground.png");
            if ("write".equals(System.getProperty("runnel.pages"))) {
                Files.copy(Chromium.PICTURES.resolve("playground.png"), PICTURE, StandardCopyOption.REPLACE_EXISTING);
            }
            Chromium.checkAccessibility(page);
            assertThat(chromium.complaints()).isEmpty();
        }
    }

    private static String ask(Page page, String message) {
        int before = page.locator(".answer").count();
        page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message"))
                .fill(message);
        page.keyboard().press("Enter");
        assertThat(page.locator(".answer")).hasCount(before + 1);
        Locator answer = page.locator(".answer").last();
        assertThat(answer).hasAttribute("data-status", "done", LONG);
        return answer.locator(".text").innerText();
    }
}
