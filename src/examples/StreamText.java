import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Streams texts with the HTTP client of the JDK and prints them as they arrive. Ctrl-C cancels.
 *
 * <p>usage: {@code RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=... [RUNNEL_MODEL=...] java -cp CLASSPATH
 * StreamText.java PROMPT...} with Jackson on the class path: its jars, or {@code runnel.jar}
 */
public final class StreamText {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";
    private static final int ATTEMPTS = 5;

    private final HttpClient client = HttpClient.newHttpClient();

    public static void main(String[] prompts) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        StreamText texts = new StreamText();
        for (String prompt : prompts) {
            String finishReason = texts.generate(prompt, delta -> {
                out.print(delta);
                out.flush();
            });
            out.println();
            out.flush();
            System.err.println("finishReason: " + finishReason);
        }
    }

    /** Returns why the text ended, such as {@code stop} or {@code length}. */
    public String generate(String prompt, Consumer<String> onDelta) throws IOException, InterruptedException {
        // Closing the lines closes the connection, which cancels a generation that still runs.
        try (Stream<String> lines = post(prompt).body()) {
            return read(lines.filter(line -> line.startsWith(DATA)).iterator(), onDelta);
        }
    }

    /** Waits and tries again if the service asks for that: 429 or 503 with Retry-After. */
    private HttpResponse<Stream<String>> post(String prompt) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode()
                .put("model", System.getenv("RUNNEL_MODEL"))
                .put("prompt", prompt)
                .put("maxTokens", 500);
        HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("RUNNEL_URL") + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + System.getenv("RUNNEL_KEY"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        for (int attempt = 1; ; attempt++) {
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() == 200) {
                return response;
            }
            String refusal = response.body().collect(Collectors.joining("\n"));
            Optional<String> seconds = response.headers().firstValue("Retry-After");
            if (seconds.isEmpty() || attempt == ATTEMPTS) {
                throw new IOException("HTTP " + response.statusCode() + ": " + refusal);
            }
            TimeUnit.SECONDS.sleep(Long.parseLong(seconds.get()));
        }
    }

    private static String read(Iterator<String> lines, Consumer<String> onDelta) throws IOException {
        String finishReason = null;
        while (lines.hasNext()) {
            String data = lines.next().substring(DATA.length());
            if (data.equals("[DONE]")) {
                return finishReason;
            }
            JsonNode event = JSON.readTree(data);
            if (event.has("error")) {
                JsonNode error = event.get("error");
                throw new IOException(error.get("type").asText() + ": " + error.get("message").asText());
            }
            onDelta.accept(event.get("delta").asText());
            finishReason = event.path("finishReason").asText();
        }
        throw new IOException("the stream was cut");
    }
}
