import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs the points of one client library, and prints a line for each of them:
 *
 * <pre>
 * ok NAME
 * not offered NAME: why the library cannot do this
 * failed NAME: what it did instead
 * </pre>
 *
 * {@code SdkIT} starts the service, and sets the variables.
 */
final class Points {

    static final String URL = System.getenv("RUNNEL_URL") + "/v1";
    static final String KEY = System.getenv("RUNNEL_KEY");

    /** Of a plan of 30 requests per minute. */
    static final String TIGHT_KEY = System.getenv("RUNNEL_TIGHT_KEY");

    /** The same service through a proxy that cuts each connection in the middle of the answer. */
    static final String CUT_URL = System.getenv("RUNNEL_CUT_URL") + "/v1";

    /** A model with one place, no queue and an endless text, one token in each second. No other program uses it. */
    static final String ENDLESS = System.getenv("RUNNEL_ENDLESS");

    static final String SENTENCE = "a \"b\" 😀\nc";
    static final String QUESTION = "How warm is it in Oslo?";
    static final String WEATHER = "It is 21 degrees in Oslo.";
    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final List<String> NAMES = List.of(
            "snippet",
            "models",
            "whole",
            "streamed",
            "usage",
            "stop",
            "conversation",
            "tools",
            "schema",
            "unauthorized",
            "unknown_model",
            "too_long",
            "rate_limited",
            "retry_after",
            "upstream_fails",
            "cut",
            "abort",
            "responses",
            "responses_streamed",
            "response_resumed");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** One point. */
    interface Point {
        void run() throws Exception;
    }

    private Points() {}

    static void isTrue(boolean holds, Object seen) {
        if (!holds) {
            throw new AssertionError(String.valueOf(seen));
        }
    }

    static void same(Object seen, Object expected) {
        isTrue(Objects.equals(seen, expected), "\"" + seen + "\", not \"" + expected + "\"");
    }

    /** The error of a kind with which the call ends. */
    static <T extends Throwable> T throwsA(Class<T> kind, Point call) throws Exception {
        try {
            call.run();
        } catch (Throwable error) {
            if (kind.isInstance(error)) {
                return kind.cast(error);
            }
            throw error;
        }
        throw new AssertionError("no error");
    }

    /** The code that the page shows for the library. */
    private static void snippet() throws Exception {
        String name = Path.of(System.getenv("RUNNEL_SNIPPET")).getFileName().toString();
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Class.forName(name.replace(".java", ""))
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        // A framework may have written lines before it.
        String text = printed.toString(StandardCharsets.UTF_8).strip();
        isTrue(text.endsWith("Write a story"), text);
    }

    /** Sends requests without a library, until the key has to wait. Returns for how many seconds. */
    static int useUpTheRequests() throws IOException, InterruptedException {
        String body = "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(URL + "/chat/completions"))
                .header("Authorization", "Bearer " + TIGHT_KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        for (int i = 0; i < 60; i++) {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 429) {
                return Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow());
            }
        }
        throw new AssertionError("60 requests were not refused");
    }

    /** The generation runs before the abort, and ends with it: one token is one second. */
    static void freesTheEngine(Point abort) throws Exception {
        await(1);
        long start = System.nanoTime();
        abort.run();
        await(0);
        long millis = (System.nanoTime() - start) / 1_000_000;
        isTrue(millis < 2000, millis + " ms after the abort");
    }

    private static void await(int count) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (running() != count) {
            isTrue(System.nanoTime() < end, running() + " generations run, not " + count);
            Thread.sleep(20);
        }
    }

    /** How many generations of the endless model the engine runs. */
    private static double running() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(System.getenv("RUNNEL_METRICS"))).build();
        String start = "runnel_generations_running{model=\"" + ENDLESS + "\"} ";
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .findFirst()
                .orElse(0);
    }

    /** Runs the named points, else all. */
    static void run(String version, Map<String, Point> points, Map<String, String> notOffered, String... names) {
        System.out.println("version " + version);
        for (String name : names.length == 0 ? NAMES : List.of(names)) {
            if (notOffered.containsKey(name)) {
                System.out.println("not offered " + name + ": " + notOffered.get(name));
                continue;
            }
            try {
                points.getOrDefault(name, Points::snippet).run();
                System.out.println("ok " + name);
            } catch (Throwable error) {
                error.printStackTrace();
                System.out.println("failed " + name + ": " + error.toString().replaceAll("\\s+", " "));
            }
        }
        System.exit(0);
    }
}
