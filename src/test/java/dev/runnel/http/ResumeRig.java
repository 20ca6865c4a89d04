package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A client of resumable generations, with a key of its own. */
final class ResumeRig implements AutoCloseable {

    static final String STREAM = "/v1/generate/stream";
    static final String GENERATE = "/v1/generate";
    static final String BODY = "{\"prompt\":\"once\",\"maxTokens\":20}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final String key;
    private final String idempotencyKey = "Idempotency-Key: test " + UUID.randomUUID();
    private final List<HttpWire> opened = new ArrayList<>();

    ResumeRig(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.key = service.key();
    }

    @Override
    public void close() {
        opened.forEach(HttpWire::close);
    }

    /** The client's API key. */
    String key() {
        return key;
    }

    /** The header line, the same for all requests of the test. */
    String idempotencyKey() {
        return idempotencyKey;
    }

    HttpWire wire() {
        HttpWire wire = new HttpWire(service.port());
        opened.add(wire);
        return wire;
    }

    HttpWire post(String... headers) {
        return wire().post(STREAM, key, BODY, with(idempotencyKey, headers));
    }

    static String[] with(String first, String... others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    ResumedStream posted() {
        return new ResumedStream(post(), "");
    }

    /** Accepts a generation; returns when its client has the answer, and so its id. */
    Play accept(ResumedStream first) throws InterruptedException {
        Play play = generator.accept();
        assertThat(first.open().id()).isEqualTo(play.id());
        return play;
    }

    ResumedStream attached(Play play, String known, String... headers) {
        return new ResumedStream(stream(play, known, headers), known).open();
    }

    HttpWire stream(Play play, String known, String... headers) {
        int cursor = known.getBytes(StandardCharsets.UTF_8).length;
        return wire().get(
                        GENERATE + "/" + play.id() + "/stream",
                        with(HttpWire.bearer(key), with("Last-Event-ID: " + cursor, headers)));
    }

    Answer get(String path) {
        return wire().get(path, HttpWire.bearer(key)).answer();
    }

    JsonNode state(Play play) {
        Answer answer = get(GENERATE + "/" + play.id());
        assertThat(answer.status()).isEqualTo(200);
        return ResumedStream.json(answer.body());
    }

    int delete(Play play) {
        return wire().delete(GENERATE + "/" + play.id(), HttpWire.bearer(key))
                .answer()
                .status();
    }

    static void assertConflict(Answer answer, String code) {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("\"type\":\"conflict_error\"", "\"code\":\"" + code + "\"");
    }
}
