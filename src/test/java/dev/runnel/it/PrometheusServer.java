package dev.runnel.it;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Prometheus on a free loopback port, with the project's own configuration but for targets and intervals. */
final class PrometheusServer implements AutoCloseable {

    static final Path FILES = Path.of("conf", "prometheus");

    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
    private static final Duration START = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Process process;
    private final int port;

    private PrometheusServer(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.port = await().atMost(START)
                .until(() -> boundPort(folder), Optional::isPresent)
                .orElseThrow();
    }

    static PrometheusServer start(Path folder, int... managementPorts) throws IOException {
        Files.copy(FILES.resolve("runnel-alerts.yaml"), folder.resolve("runnel-alerts.yaml"));
        configure(folder, managementPorts);
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder.resolve("prometheus.yaml"),
                        "--storage.tsdb.path=" + folder.resolve("series"),
                        "--web.listen-address=127.0.0.1:0",
                        "--web.enable-lifecycle")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        return new PrometheusServer(folder, process);
    }

    private static void configure(Path folder, int... managementPorts) throws IOException {
        List<String> targets = Arrays.stream(managementPorts)
                .mapToObj(port -> "\"127.0.0.1:" + port + "\"")
                .toList();
        String own = Files.readString(FILES.resolve("prometheus.yaml"));
        Files.writeString(
                folder.resolve("prometheus.yaml"),
                own.replace("\"127.0.0.1:8081\"", String.join(", ", targets)).replace("15s", "500ms"));
    }

    private static Optional<Integer> boundPort(Path folder) throws IOException {
        Matcher found = LISTENING.matcher(Files.readString(folder.resolve("log")));
        return found.find() ? Optional.of(Integer.parseInt(found.group(1))) : Optional.empty();
    }

    /** Scrapes these from now on. */
    void scrape(int... managementPorts) throws IOException {
        configure(folder, managementPorts);
        send(HttpRequest.newBuilder(uri("/-/reload")).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** What an expression gives now: the values by their labels, those that are no number left out. */
    Map<Map<String, String>, Double> query(String expression) {
        Map<Map<String, String>, Double> values = new HashMap<>();
        for (Object each : results("/api/v1/query?query=" + encoded(expression))) {
            JsonObject one = (JsonObject) each;
            double value = Double.parseDouble(one.getJsonArray("value").getString(1));
            if (!Double.isNaN(value)) {
                values.put(labels(one), value);
            }
        }
        return values;
    }

    /** The one number that an expression without labels gives now, or 0. */
    double number(String expression) {
        return query(expression).values().stream().mapToDouble(value -> value).sum();
    }

    /** The largest value that an expression had at any moment since then, if it had one that is a number. */
    Optional<Double> largestSince(Instant since, String expression) {
        String range = "/api/v1/query_range?step=0.1&start=" + since + "&end=" + Instant.now() + "&query="
                + encoded(expression);
        return results(range).stream()
                .flatMap(one -> ((JsonObject) one).getJsonArray("values").stream())
                .map(sample -> Double.parseDouble(((JsonArray) sample).getString(1)))
                .filter(value -> !Double.isNaN(value))
                .max(Double::compare);
    }

    private static Map<String, String> labels(JsonObject series) {
        Map<String, String> labels = new TreeMap<>();
        series.getJsonObject("metric").forEach(label -> labels.put(label.getKey(), (String) label.getValue()));
        return labels;
    }

    private JsonArray results(String path) {
        JsonObject answer = new JsonObject(send(HttpRequest.newBuilder(uri(path))));
        if (!"success".equals(answer.getString("status"))) {
            throw new AssertionError(answer.encode());
        }
        return answer.getJsonObject("data").getJsonArray("result");
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static String encoded(String expression) {
        return URLEncoder.encode(expression, StandardCharsets.UTF_8);
    }

    private String send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Its series go with the test's folder: it need not end well. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
