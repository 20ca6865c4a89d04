package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.HttpWire;

/**
 * One client after another of a {@link PlayedService}, with a valid key: for the tests of HTTP/1, which break their
 * connections.
 */
final class PlayedClient implements AutoCloseable {

    static final String PROMPT = "{\"prompt\":\"x\"}";

    private final TestService service;
    private final PlayedGenerator generator;
    private final String key;
    private HttpWire wire;

    PlayedClient(PlayedService.Running running) {
        this.service = running.service();
        this.generator = running.generator();
        this.key = service.key();
        this.wire = new HttpWire(service.port());
    }

    TestService service() {
        return service;
    }

    PlayedGenerator generator() {
        return generator;
    }

    String key() {
        return key;
    }

    /** Goes on with a new connection. */
    void reconnect() {
        wire.close();
        wire = new HttpWire(service.port());
    }

    /** The head of a POST of JSON with the key. */
    String head(String path, String... headers) {
        return HttpWire.postHead(path, key, headers);
    }

    PlayedClient send(String text) {
        wire.send(text);
        return this;
    }

    PlayedClient send(byte[] bytes) {
        wire.send(bytes);
        return this;
    }

    PlayedClient post(String path, String otherKey, String json, String... headers) {
        wire.post(path, otherKey, json, headers);
        return this;
    }

    HttpWire.Answer answer() {
        return wire.answer();
    }

    HttpWire.Answer responseHead() {
        return wire.head();
    }

    boolean isClosedByPeer() {
        return wire.isClosedByPeer();
    }

    /** The present connection is still answered. */
    void assertItGoesOn() throws Exception {
        post("/v1/generate", key, PROMPT);
        generator.accept().say("fine").finish();
        assertThat(answer().body()).contains("\"text\":\"fine\"");
    }

    @Override
    public void close() {
        wire.close();
    }
}
