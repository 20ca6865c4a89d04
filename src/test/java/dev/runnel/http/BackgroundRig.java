package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.util.ArrayList;
import java.util.List;

/** A client of background responses, with a key of its own. */
final class BackgroundRig implements AutoCloseable {

    static final String RESPONSES = "/v1/responses";
    static final String BODY = "{\"input\":\"hi\",\"background\":true,\"metadata\":{\"a\":\"b\"}}";
    static final String STREAM = "{\"input\":\"hi\",\"background\":true,\"stream\":true}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final String key;
    private final List<HttpWire> opened = new ArrayList<>();

    BackgroundRig(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
        this.key = service.key();
    }

    @Override
    public void close() {
        opened.forEach(HttpWire::close);
    }

    String key() {
        return key;
    }

    HttpWire wire() {
        HttpWire wire = new HttpWire(service.port());
        opened.add(wire);
        return wire;
    }

    /** Starts a background response, and returns when its client has the answer. */
    Play start() throws InterruptedException {
        HttpWire wire = wire().post(RESPONSES, key, BODY);
        Play play = generator.accept();
        Answer answer = wire.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Generation-Id")).isEqualTo(play.id());
        assertThat(json(answer).get("id").asText()).isEqualTo(play.id());
        return play;
    }

    static JsonNode json(Answer answer) {
        return ResumedStream.json(answer.body());
    }

    static String path(Play play) {
        return RESPONSES + "/" + play.id();
    }

    HttpWire open(Play play, String query) {
        return wire().get(path(play) + query, HttpWire.bearer(key));
    }

    Answer get(Play play, String query) {
        return open(play, query).answer();
    }

    JsonNode state(Play play) {
        Answer answer = get(play, "");
        assertThat(answer.status()).isEqualTo(200);
        return json(answer);
    }

    void awaitText(Play play, String text) {
        await().until(() -> state(play).at("/output/0/content/0/text").asText().equals(text));
    }

    void awaitStatus(Play play, String status) {
        await().until(() -> state(play).get("status").asText().equals(status));
    }

    HttpWire cancel(Play play, String apiKey) {
        return wire().send(HttpWire.requestHead(
                "POST", path(play) + "/cancel", HttpWire.bearer(apiKey), "Content-Length: 0"));
    }

    int delete(Play play) {
        return wire().delete(path(play), HttpWire.bearer(key)).answer().status();
    }
}
