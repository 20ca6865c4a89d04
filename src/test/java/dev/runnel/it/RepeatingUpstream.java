package dev.runnel.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An OpenAI-compatible server that answers each request with the same text, and records the trace of each. */
final class RepeatingUpstream implements AutoCloseable {

    private static final String DELTA = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s \"}}]}\n\n";
    private static final String END = """
            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}

            data: [DONE]

            """;

    private final HttpServer server;
    private final String answer;
    private final List<String> traceparents = new CopyOnWriteArrayList<>();

    /** @param word is sent fifty times */
    RepeatingUpstream(String word) throws IOException {
        answer = DELTA.formatted(word).repeat(50) + END;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            traceparents.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("traceparent"))
                    .orElse("none"));
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Of each request, in their order. */
    List<String> traceparents() {
        return traceparents;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
