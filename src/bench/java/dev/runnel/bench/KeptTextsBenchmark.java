package dev.runnel.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.bench.relay.MemoryUse;
import dev.runnel.bench.relay.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * 10,000 finished resumable generations of 20 KB, of four callers, against the default bound of kept texts: which are
 * still known, and the memory. Exits with status 1 if another text is known than the rule says.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.KeptTextsBenchmark}
 */
public final class KeptTextsBenchmark implements AutoCloseable {

    private static final long BOUND = 64L << 20;
    private static final int PIECE = 1024;
    private static final int PIECES = 20;
    /** The array of a running text doubles. */
    private static final int CAPACITY = 32 * PIECE;

    private static final int UNREAD_PIECES = 2048;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private static final String QUIET = "quiet";
    private static final String THIRD = "third";
    private static final String BUSY = "busy";
    private static final String LAST = "last";

    /** Texts are kept for long, so that only the bound drops them. A client that does not read stays connected. */
    private static final String CONFIGURATION = """
            http: { port: 0, stall: 30m }
            management: { port: 0 }
            log: { generations: false }
            resume: { retention: 1h }
            generation: { nextToken: 1h, longest: 1h }
            plans:
              - name: bench
            defaultModel: text
            models:
              - name: text
                engine: scripted
                pieces: [ "%s" ]
                repeat: true
              - name: running
                engine: scripted
                pieces: [ "%s" ]
                stallAfter: 1
            """.formatted("x".repeat(PIECE), "x".repeat(PIECE));

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Service service;
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, List<String>> ids = new LinkedHashMap<>();
    private final ExpectedTexts expected = new ExpectedTexts(BOUND);
    private final List<Socket> open = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private KeptTextsBenchmark() throws IOException {
        service = Service.start(CONFIGURATION, Files.createTempDirectory("runnel-kept"));
        for (String caller : List.of(QUIET, THIRD, BUSY, LAST)) {
            keys.put(caller, service.key(caller));
            ids.put(caller, new ArrayList<>());
        }
    }

    public static void main(String[] args) throws Exception {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroy)));
        try (KeptTextsBenchmark benchmark = new KeptTextsBenchmark()) {
            benchmark.run();
            System.exit(benchmark.problems.isEmpty() ? 0 : 1);
        }
    }

    private void run() throws Exception {
        generate(BUSY, 200, false);
        System.out.println(
                "| after | kept generations | counted texts, MiB | resident, MiB | heap after a collection, MiB |"
                        + "\n|---|---|---|---|---|");
        row("start");
        String unread = openStream(QUIET, "text", UNREAD_PIECES);
        expected.pin(QUIET, (long) UNREAD_PIECES * PIECE);
        String running = openStream(QUIET, "running", UNREAD_PIECES);
        expected.pin(QUIET, PIECE);
        generateAndShow(QUIET, 400);
        generateAndShow(THIRD, 1100);
        generateAndShow(BUSY, 7500);
        check(List.of(QUIET, THIRD, BUSY));
        generateAndShow(LAST, 1000);
        check(List.copyOf(ids.keySet()));
        for (String id : List.of(unread, running)) {
            if (status(QUIET, id) != OK) {
                problems.add("a text that runs or has a reader is gone: " + id);
            }
        }
        problems.stream().limit(20).forEach(System.out::println);
    }

    private void generateAndShow(String caller, int count) throws IOException, InterruptedException {
        generate(caller, count, true);
        row(String.format(Locale.ROOT, "%,d of %s", count, caller));
    }

    private void generate(String caller, int count, boolean counts) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            String body = "{\"prompt\":\"one\",\"maxTokens\":" + PIECES + "}";
            HttpResponse<String> answer = client.send(
                    request(caller, "/v1/generate")
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", caller + "-" + counts + "-" + i)
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            JsonNode generation = json.readTree(answer.body());
            if (answer.statusCode() != OK || generation.get("text").asText().length() != PIECES * PIECE) {
                throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            }
            String id = generation.get("id").asText();
            expected.end(caller, id, CAPACITY, PIECES * PIECE);
            ids.get(caller).add(id);
        }
    }

    private HttpRequest.Builder request(String caller, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .header("Authorization", "Bearer " + keys.get(caller));
    }

    /** Starts a stream, reads the id, and leaves the rest unread. */
    private String openStream(String caller, String model, int tokens) throws IOException {
        String body =
                "{\"prompt\":\"one\",\"includeText\":false,\"model\":\"" + model + "\",\"maxTokens\":" + tokens + "}";
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4 * PIECE);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
        open.add(socket);
        String head = "POST /v1/generate/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + "Idempotency-Key: " + model + "\r\nAuthorization: Bearer " + keys.get(caller)
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        for (int letter = socket.getInputStream().read();
                letter >= 0;
                letter = socket.getInputStream().read()) {
            answer.append((char) letter);
            int from = answer.indexOf("\"gen_");
            if (from >= 0 && answer.indexOf("\"", from + 1) > 0) {
                return answer.substring(from + 1, answer.indexOf("\"", from + 1));
            }
        }
        throw new IllegalStateException(answer.toString());
    }

    private void row(String after) throws IOException {
        MemoryUse use = service.memory();
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f kept, texts %.1f MiB, resident %.0f MiB, heap after a collection %.0f MiB%n",
                after,
                service.sum("runnel_resume_generations"),
                service.sum("runnel_resume_text_bytes") / (1 << 20),
                use.residentMebibytes(),
                use.heapMebibytes());
    }

    private void check(List<String> callers) throws IOException, InterruptedException {
        System.out.println("| caller | finished | known | first known | wrong |\n|---|---|---|---|---|");
        for (String caller : callers) {
            check(caller);
        }
    }

    private void check(String caller) throws IOException, InterruptedException {
        List<String> all = ids.get(caller);
        int known = 0;
        int first = -1;
        int wrong = 0;
        for (int i = 0; i < all.size(); i++) {
            int status = status(caller, all.get(i));
            if (status == OK) {
                known++;
                first = first < 0 ? i + 1 : first;
            }
            if (status != (expected.isDropped(all.get(i)) ? NOT_FOUND : OK)) {
                wrong++;
                problems.add(caller + " " + (i + 1) + ": " + status);
            }
        }
        System.out.printf(Locale.ROOT, "| %s | %d | %d | %d | %d |%n", caller, all.size(), known, first, wrong);
    }

    private int status(String caller, String id) throws IOException, InterruptedException {
        return client.send(request(caller, "/v1/generate/" + id).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        service.close();
    }
}
