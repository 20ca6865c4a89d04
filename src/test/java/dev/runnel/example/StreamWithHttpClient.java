package dev.runnel.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Streams generations with the JDK's own HTTP client. */
public final class StreamWithHttpClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final String key;

    public StreamWithHttpClient(String url, String key) {
        this.url = url;
        this.key = key;
    }

    /** Generates, hands over each delta as it comes, and returns the whole text. */
    public String generate(String prompt, Consumer<String> onDelta) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/generate/stream"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        JSON.writeValueAsString(Map.of("prompt", prompt, "maxTokens", 100))))
                .build();
        HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
            return read(lines.filter(line -> line.startsWith(DATA)).iterator(), onDelta);
        }
    }

    private static String read(Iterator<String> lines, Consumer<String> onDelta) throws IOException {
        StringBuilder text = new StringBuilder();
        while (lines.hasNext()) {
            String data = lines.next().substring(DATA.length());
            if (data.equals("[DONE]")) {
                return text.toString();
            }
            JsonNode event = JSON.readTree(data);
            if (event.has("error")) {
                throw new IOException(event.at("/error/message").asText());
            }
            String delta = event.get("delta").asText();
            text.append(delta);
            onDelta.accept(delta);
        }
        throw new IOException("the stream was cut");
    }
}
