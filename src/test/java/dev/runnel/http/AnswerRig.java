package dev.runnel.http;

import dev.runnel.auth.Scope;
import dev.runnel.config.TestConfig;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.openapi.DescribedAnswers;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Operation;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A service whose answers are compared with the description of the API. */
final class AnswerRig implements AutoCloseable {

    static final String ORIGIN = "https://chat.example.com";
    static final String STREAM = "/v1/generate/stream";
    static final String GENERATE = "/v1/generate";
    static final String CHAT = "/v1/chat/completions";
    static final String COMPLETIONS = "/v1/completions";
    static final String RESPONSES = "/v1/responses";
    static final String BY_ID = "/v1/generate/{id}";
    static final String STREAM_BY_ID = "/v1/generate/{id}/stream";

    /** The members of a valid body, without its braces. */
    static final Map<String, String> BODIES = Map.of(
            STREAM, "\"prompt\":\"x\"",
            GENERATE, "\"prompt\":\"x\"",
            CHAT, "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
            COMPLETIONS, "\"prompt\":\"x\"",
            RESPONSES, "\"input\":\"x\"");

    final Description description = Description.read();
    final DescribedAnswers answers = new DescribedAnswers(description);
    final TestService service;
    final PlayedGenerator generator;
    final String key;

    AnswerRig() throws Exception {
        service = TestService.start(
                TestConfig.of("http: { port: 0, cors: { origins: [ \"" + ORIGIN + "\" ] } }")
                        .http(),
                1);
        generator = new PlayedGenerator(service.vertx()).start();
        key = service.key();
    }

    @Override
    public void close() throws TimeoutException {
        service.close();
    }

    static String body(String path, String... further) {
        return "{"
                + String.join(
                        ",",
                        Stream.concat(Stream.of(BODIES.get(path)), Arrays.stream(further))
                                .toList()) + "}";
    }

    static String newIdempotencyKey() {
        return "Idempotency-Key: " + UUID.randomUUID();
    }

    HttpWire wire() {
        return new HttpWire(service.port());
    }

    /** Reads the answer to what was sent, and compares it with the description. */
    Answer read(String method, String template, HttpWire wire) {
        try (wire) {
            return noted(method, template, wire.answer());
        }
    }

    Answer noted(String method, String template, Answer answer) {
        answers.check(description.operation(method, template), answer);
        return answer;
    }

    HttpWire post(String path, String body, String... headers) {
        return wire().post(path, key, body, headers);
    }

    /** Posts a body that is refused before it is submitted. */
    Answer refused(String path, String body, String... headers) {
        return read("POST", path, post(path, body, headers));
    }

    /** A GET with a key. */
    Answer get(String template, String path, String... headers) {
        return read("GET", template, wire().get(path, with(HttpWire.bearer(key), headers)));
    }

    Answer delete(String id) {
        return read("DELETE", BY_ID, wire().delete(GENERATE + "/" + id, HttpWire.bearer(key)));
    }

    static String[] with(String first, String... others) {
        return Stream.concat(Stream.of(first), Arrays.stream(others)).toArray(String[]::new);
    }

    /** A key that has all scopes but these. */
    String keyWithout(List<String> scopes) {
        Set<Scope> others = Scope.ALL.stream()
                .filter(scope -> !scopes.contains(scope.claimName()))
                .collect(Collectors.toSet());
        return service.key(others, Duration.ofHours(1));
    }

    /** The path of an operation, with a value for its parameter. */
    static String path(Operation operation) {
        return operation.path().replace("{id}", "gen_x").replace("{name}", "x");
    }

    /** Starts a resumable generation, and returns when its client has the head of the answer. */
    Play startResumable(HttpWire first, String path, String idempotencyKey) throws InterruptedException {
        first.post(path, key, body(path), idempotencyKey);
        return generator.accept();
    }
}
