package dev.runnel.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The part of the contract that faults are planted in, on the JDK's server: streams, resuming, one queue, chats. */
final class ReferenceServer implements AutoCloseable {

    static final Map<String, String> CALLERS = Map.of(
            "main-key-of-ada", "ada", "second-key-of-ada", "ada", "other-key-of-bob", "bob", "narrow-of-dee", "dee");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_WAITING = 4;
    private static final int MAX_READERS = 8;

    private final Fault fault;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, ReferenceGeneration> byId = new ConcurrentHashMap<>();
    private final Map<String, ReferenceGeneration> byKey = new ConcurrentHashMap<>();
    /** The places for further readers, by generation. */
    private final Map<String, Semaphore> readers = new ConcurrentHashMap<>();

    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    /** The places at the model {@code single}: to run, or to wait for it. */
    private final Semaphore places;

    private final Semaphore single = new Semaphore(1);
    private final AtomicInteger ids = new AtomicInteger();

    private ReferenceServer(Fault fault, HttpServer server) {
        this.fault = fault;
        this.server = server;
        this.places = new Semaphore(fault == Fault.UNBOUNDED_QUEUE ? Integer.MAX_VALUE : 1 + MAX_WAITING);
    }

    static ReferenceServer start(Fault fault) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        ReferenceServer server = new ReferenceServer(fault, http);
        http.setExecutor(server.threads);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .map(header -> header.replace("Bearer ", ""))
                    .orElse("");
            String caller = CALLERS.get(key);
            String path = exchange.getRequestURI().getPath();
            if (caller == null) {
                refuse(exchange, 401, "authentication_error", "");
            } else if (path.equals("/v1/models")) {
                json(exchange, 200, models());
            } else if (path.equals("/v1/usage")) {
                json(exchange, 200, usage(caller));
            } else if (path.equals("/v1/chat/completions")
                    && exchange.getRequestMethod().equals("POST")) {
                new ReferenceChat(fault, exchange, JSON.readTree(exchange.getRequestBody())).answer();
            } else if (exchange.getRequestMethod().equals("POST")) {
                post(exchange, caller, path.endsWith("/stream"));
            } else if (exchange.getRequestMethod().equals("PUT")) {
                refuse(exchange, 405, "not_found_error", "");
            } else {
                byId(exchange, caller, path.split("/"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode models() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("models")
                .addObject()
                .put("name", "text")
                .put("default", true)
                .put("available", true)
                .put("contextTokens", 0)
                .put("maxTokens", 4096);
        document.withArray("models")
                .addObject()
                .put("name", "broken")
                .put("default", false)
                .put("available", false)
                .put("contextTokens", 0)
                .put("maxTokens", 4096);
        return document;
    }

    private AtomicInteger running(String caller) {
        return running.computeIfAbsent(caller, one -> new AtomicInteger());
    }

    private JsonNode usage(String caller) {
        ObjectNode usage =
                JsonNodeFactory.instance.objectNode().put("subject", caller).put("plan", "any");
        usage.putNull("requests");
        usage.putNull("tokens");
        usage.putObject("generations")
                .put("limit", 100)
                .put("running", running(caller).get());
        return usage;
    }

    private void post(HttpExchange exchange, String caller, boolean isStream) throws IOException, InterruptedException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        Optional<String> key = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        Optional<String> cursor =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
        if (!isValid(request) || !key.map(ReferenceServer::isKey).orElse(cursor.isEmpty())) {
            refuse(exchange, 400, "invalid_request_error", "");
        } else if (request.path("model").asText().equals("broken")) {
            refuse(exchange, 503, "overloaded_error", "");
        } else if (request.path("model").asText().startsWith("no-such")) {
            refuse(exchange, 404, "not_found_error", "");
        } else {
            claim(exchange, new ReferenceGeneration("gen_" + ids.incrementAndGet(), caller, request), key, isStream);
        }
    }

    private static boolean isValid(JsonNode request) {
        return request.path("prompt").isTextual() && request.path("maxTokens").asInt(1) > 0;
    }

    private static boolean isKey(String key) {
        return key.matches("[ -~]{1,255}");
    }

    private void claim(HttpExchange exchange, ReferenceGeneration fresh, Optional<String> key, boolean isStream)
            throws IOException, InterruptedException {
        String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        boolean isBeginning = cursor == null || cursor.equals("0");
        Optional<ReferenceGeneration> known = key.filter(any -> fault != Fault.SECOND_GENERATION)
                .flatMap(name -> known(fresh.caller() + " " + name, fresh, isBeginning));
        if (known.isPresent() && !same(known.get().request(), fresh.request())) {
            refuse(exchange, 409, "conflict_error", "idempotency_mismatch");
        } else if (known.isEmpty() && !isBeginning) {
            refuse(exchange, 409, "conflict_error", "diverged");
        } else if (known.isPresent()) {
            answer(exchange, known.get(), isStream, true);
        } else if (isSingle(fresh) && !places.tryAcquire()) {
            // Its failure releases the claim, and ends the streams that have attached meanwhile.
            fresh.fail();
            refuse(exchange, 503, "overloaded_error", "");
        } else {
            byId.put(fresh.id(), fresh);
            startAndAnswer(exchange, fresh, key.isPresent(), isStream);
        }
    }

    private static boolean isSingle(ReferenceGeneration generation) {
        return generation.model().equals("single");
    }

    /** The generation that has this claim already. Without one, a start acquires the claim in the same step. */
    private Optional<ReferenceGeneration> known(String claim, ReferenceGeneration fresh, boolean isBeginning) {
        AtomicReference<ReferenceGeneration> known = new AtomicReference<>();
        byKey.compute(claim, (name, old) -> {
            if (old != null && (!old.hasFailed() || fault == Fault.KEY_KEPT_BY_FAILURE)) {
                known.set(old);
                return old;
            }
            return isBeginning ? fresh : old;
        });
        return Optional.ofNullable(known.get());
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return withoutForm(one).equals(withoutForm(other));
    }

    private static JsonNode withoutForm(JsonNode request) {
        ObjectNode fields = request.deepCopy();
        fields.remove("includeText");
        return fields.put("maxTokens", fields.path("maxTokens").asInt());
    }

    private void startAndAnswer(
            HttpExchange exchange, ReferenceGeneration generation, boolean isResumable, boolean isStream)
            throws IOException, InterruptedException {
        running(generation.caller()).incrementAndGet();
        threads.execute(() -> run(generation));
        boolean isRead = false;
        try {
            answer(exchange, generation, isStream, isResumable);
            isRead = true;
        } finally {
            if (!isRead && !isResumable && fault != Fault.SLOT_NOT_FREED) {
                generation.finish("cancelled");
            }
        }
    }

    private void run(ReferenceGeneration generation) {
        try {
            if (isSingle(generation)) {
                single.acquire();
                try {
                    generation.run();
                } finally {
                    single.release();
                    places.release();
                }
            } else {
                generation.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running(generation.caller()).decrementAndGet();
    }

    private void answer(HttpExchange exchange, ReferenceGeneration generation, boolean isStream, boolean isResumable)
            throws IOException, InterruptedException {
        if (isStream) {
            boolean hasText = generation.includesText()
                    && !"includeText=false".equals(exchange.getRequestURI().getQuery());
            stream(exchange, generation, hasText, isResumable);
            return;
        }
        generation.awaitEnd();
        JsonNode end = generation.end().orElseThrow();
        if (end.has("error")) {
            json(exchange, 502, end);
            return;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("id", generation.id());
        body.put("text", generation.text()).setAll((ObjectNode) end);
        exchange.getResponseHeaders().set("X-Generation-Id", generation.id());
        json(exchange, 200, body.put("model", generation.model()));
    }

    private void stream(HttpExchange exchange, ReferenceGeneration generation, boolean hasText, boolean isResumable)
            throws IOException, InterruptedException {
        String cursor = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID"))
                .orElse("0");
        Optional<Integer> from = generation.characters(cursor);
        Semaphore free = readers.computeIfAbsent(generation.id(), id -> new Semaphore(MAX_READERS));
        if (from.isEmpty()) {
            refuse(exchange, 400, "invalid_request_error", "");
        } else if (!free.tryAcquire()) {
            refuse(exchange, 429, "rate_limit_error", "readers");
        } else {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.getResponseHeaders().set("X-Generation-Id", generation.id());
            int place = fault == Fault.CURSOR_OFF_BY_ONE ? Math.max(0, from.get() - 1) : from.get();
            try {
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.flush();
                    new ReferenceStream(generation, fault, isResumable, hasText, out).write(place);
                }
            } finally {
                free.release();
            }
        }
    }

    private void byId(HttpExchange exchange, String caller, String[] path) throws IOException, InterruptedException {
        ReferenceGeneration generation = path.length < 4 ? null : byId.get(path[3]);
        boolean isForeign = generation != null && !generation.caller().equals(caller);
        if (generation == null || (isForeign && fault != Fault.TEXT_OF_ANOTHER_CALLER)) {
            refuse(exchange, 404, "not_found_error", "");
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            delete(generation);
            exchange.sendResponseHeaders(204, -1);
        } else if (path.length == 5) {
            answer(exchange, generation, true, true);
        } else {
            json(exchange, 200, state(generation));
        }
    }

    private void delete(ReferenceGeneration generation) {
        if (generation.end().isEmpty()) {
            generation.finish("cancelled");
        } else if (!generation.end().get().path("finishReason").asText().equals("cancelled")) {
            byKey.values().remove(generation);
        }
    }

    private static ObjectNode state(ReferenceGeneration generation) {
        Optional<JsonNode> end = generation.end();
        String status = end.map(how -> how.has("error") ? "failed" : "finished").orElse("running");
        ObjectNode state =
                JsonNodeFactory.instance.objectNode().put("id", generation.id()).put("status", status);
        String text = generation.text();
        state.put("model", generation.model()).put("bytes", text.getBytes(StandardCharsets.UTF_8).length);
        end.ifPresent(how -> state.setAll((ObjectNode) how));
        return state.put("text", text);
    }

    private static void refuse(HttpExchange exchange, int status, String type, String code) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error").put("type", type).put("message", "not accepted; see the contract");
        if (!code.isEmpty()) {
            error.put("code", code);
        }
        json(exchange, status, body);
    }

    private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
