package dev.runnel.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** What a person sees of the playground and does there. */
final class PlaygroundPage {

    private PlaygroundPage() {}

    static void send(Page page, String message) {
        message(page).fill(message);
        page.keyboard().press("Enter");
    }

    static Locator message(Page page) {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Message"));
    }

    static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static void choose(Page page, String model) {
        page.getByLabel("Name").selectOption(model);
    }

    static Locator answer(Page page) {
        return page.locator(".answer").last();
    }

    static Locator text(Page page) {
        return answer(page).locator(".text");
    }

    static void awaitStatus(Page page, String status) {
        assertThat(answer(page)).hasAttribute("data-status", status);
    }
}
