package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The Chromium of this machine, with one fresh profile at a time. */
public final class Chromium implements AutoCloseable {

    /** What its pages looked like, kept by the build. */
    static final Path PICTURES = Path.of("target", "playground");

    private static final double PATIENCE_MILLIS = 20_000;

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Skips the test without a Chromium, or fails it where {@code CI} is set. */
    public static Chromium open() throws IOException {
        Needed.program("Chromium", "chromium", "--version");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Files.createDirectories(PICTURES);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(executable())
                                .setArgs(ARGUMENTS)));
    }

    private static Path executable() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** A page of a profile of its own. */
    public Page page(int width, int height) {
        return page(new Browser.NewContextOptions().setViewportSize(width, height));
    }

    Page page(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.onConsoleMessage(this::console);
        context.onWebError(error -> complaints.add(error.error()));
        return context.newPage();
    }

    private void console(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
        }
    }

    /** The errors and warnings of all pages so far, which are forgotten. */
    List<String> complaints() {
        List<String> copy = List.copyOf(complaints);
        complaints.clear();
        return copy;
    }

    /** Asserts that axe finds nothing, of any level. */
    static void checkAccessibility(Page page) throws IOException {
        if (page.evaluate("'axe' in window").equals(false)) {
            try (InputStream in = Chromium.class.getResourceAsStream("/axe.min.js")) {
                page.evaluate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        Object found = page.evaluate("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .map((each) => `${each.impact} ${each.id}: ${each.nodes.map((node) => node.html).join(' | ')}`)\
            """);
        assertThat((List<?>) found).isEmpty();
    }

    static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)));
    }

    /** What the page did while this ran. */
    BrowserTrace trace(Page page, Runnable action) throws IOException {
        BrowserTrace.start(browser, page);
        action.run();
        return BrowserTrace.stop(browser, page);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
