package dev.runnel.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Chromium's own trace of a page: the tasks of its main thread, each with what ran in it. */
final class BrowserTrace {

    private static final List<String> CATEGORIES = List.of(
            "devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel", "v8", "blink.user_timing");

    private static final String TASK = "RunTask";
    private static final String END = "end-of-trace";
    private static final int SHOWN_STEPS = 6;
    private static final double MICROS_PER_MILLI = 1000;

    private final List<JsonNode> events;

    private BrowserTrace(List<JsonNode> events) {
        this.events = events;
    }

    /**
     * A task of the main thread.
     *
     * @param millis its duration
     * @param cpuMillis the time that its thread ran meanwhile
     * @param steps what took longest in it
     */
    record Task(double millis, double cpuMillis, String steps) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f ms (CPU %.1f ms: %s)", millis, cpuMillis, steps);
        }
    }

    static void start(Browser browser, Page page) {
        browser.startTracing(page, new Browser.StartTracingOptions().setCategories(CATEGORIES));
    }

    /** Ends the trace, and fails if it does not reach up to now. */
    static BrowserTrace stop(Browser browser, Page page) throws IOException {
        page.evaluate("performance.mark('" + END + "')");
        List<JsonNode> events = new ArrayList<>();
        new ObjectMapper()
                .readTree(browser.stopTracing())
                .path("traceEvents")
                .elements()
                .forEachRemaining(events::add);
        if (events.stream().noneMatch(event -> event.path("name").asText().equals(END))) {
            throw new IOException("the trace has no end (expected: its buffer holds all events)");
        }
        return new BrowserTrace(events);
    }

    /** The task of the main threads of pages that took longest. */
    Task longest() {
        return most("dur");
    }

    /** The task of these threads that used a processor longest. In the longest one, the thread may have waited. */
    Task busiest() {
        return most("tdur");
    }

    private Task most(String field) {
        List<JsonNode> ofMain = ofMainThreads();
        JsonNode task = ofMain.stream()
                .filter(event -> event.path("name").asText().equals(TASK))
                .max(Comparator.comparing(event -> event.path(field).asDouble()))
                .orElseThrow();
        return new Task(millis(task, "dur"), millis(task, "tdur"), steps(task, ofMain));
    }

    private List<JsonNode> ofMainThreads() {
        Set<String> mainThreads = new HashSet<>();
        for (JsonNode event : events) {
            if (event.path("name").asText().equals("thread_name")
                    && event.at("/args/name").asText().equals("CrRendererMain")) {
                mainThreads.add(thread(event));
            }
        }
        return events.stream()
                .filter(event -> event.path("ph").asText().equals("X") && mainThreads.contains(thread(event)))
                .toList();
    }

    private static String thread(JsonNode event) {
        return event.path("pid").asText() + "/" + event.path("tid").asText();
    }

    private static double millis(JsonNode event, String field) {
        return event.path(field).asDouble() / MICROS_PER_MILLI;
    }

    private static String steps(JsonNode task, List<JsonNode> events) {
        double start = task.path("ts").asDouble();
        double end = start + task.path("dur").asDouble();
        return events.stream()
                .filter(event -> !event.path("name").asText().endsWith(TASK)
                        && thread(event).equals(thread(task)))
                .filter(event -> event.path("ts").asDouble() >= start
                        && event.path("ts").asDouble() + event.path("dur").asDouble() <= end)
                .sorted(Comparator.comparing(
                        (JsonNode step) -> -step.path("dur").asDouble()))
                .limit(SHOWN_STEPS)
                .map(step ->
                        String.format(Locale.ROOT, "%s %.1f", step.path("name").asText(), millis(step, "dur")))
                .collect(Collectors.joining(", "));
    }
}
