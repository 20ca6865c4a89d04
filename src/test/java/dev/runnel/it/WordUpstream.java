package dev.runnel.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An OpenAI-compatible server with one text, which respects {@code max_tokens} and {@code stop}. */
final class WordUpstream implements AutoCloseable {

    private static final List<String> WORDS =
            List.of("Once ", "upon ", "a ", "time ", "caf\u00e9 ", "\u65e5\u672c ", "\uD83D\uDE00 ", "the ", "end.");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;

    private WordUpstream(HttpServer server) {
        this.server = server;
    }

    static WordUpstream start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", WordUpstream::answer);
        server.start();
        return new WordUpstream(server);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(events(request).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String events(JsonNode request) {
        StringBuilder events = new StringBuilder();
        int most = request.path("max_tokens").asInt(256);
        int tokens = 0;
        while (tokens < Math.min(most, WORDS.size()) && !isStop(request, WORDS.get(tokens))) {
            String word = JsonNodeFactory.instance.textNode(WORDS.get(tokens)).toString();
            events.append("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":")
                    .append(word)
                    .append("}}]}\n\n");
            tokens++;
        }
        String reason = tokens == most ? "length" : "stop";
        return events.append("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"")
                .append(reason)
                .append("\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":")
                .append(tokens)
                .append("}}\n\ndata: [DONE]\n\n")
                .toString();
    }

    private static boolean isStop(JsonNode request, String word) {
        for (JsonNode stop : request.path("stop")) {
            if (word.contains(stop.asText())) {
                return true;
            }
        }
        return false;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
