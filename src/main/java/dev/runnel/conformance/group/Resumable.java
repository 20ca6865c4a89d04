package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Json;
import dev.runnel.conformance.wire.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests with an idempotency key, and what came for them. */
final class Resumable {

    static final String KEY = "Idempotency-Key";
    static final String CURSOR = "Last-Event-ID";

    /** Characters of one to four bytes, and such that JSON escapes. */
    private static final String EVERY_WIDTH = "a\u00e9\u20ac\uD83D\uDE00 \"q\" \\ \n\u0001 \u65e5\u672c z";

    private Resumable() {}

    /**
     * An event with its cursor.
     *
     * @param id what stood in the line {@code id: } directly before it, if there was one
     */
    record Event(Optional<String> id, JsonNode document) {}

    static Body everyWidth(Session s) {
        ModelRole role = s.model(ModelRole.UNICODE).isPresent() ? ModelRole.UNICODE : ModelRole.TEXT;
        return s.with(role, Body.of(EVERY_WIDTH, 64));
    }

    static Body slow(Session s, int maxTokens) {
        return s.story(ModelRole.SLOW).with("maxTokens", Integer.toString(maxTokens));
    }

    static Request post(Session s, String route, Body body, String key) {
        return s.post(route, body).header(KEY, key);
    }

    static Request by(Session s, KeyRole role, Request request) {
        return request.without("Authorization").key(s.key(role));
    }

    static Request attach(Session s, String id) {
        return s.get("/v1/generate/" + id + "/stream");
    }

    static Request state(Session s, String id) {
        return s.get("/v1/generate/" + id);
    }

    static Request delete(Session s, String id) {
        return Request.of("DELETE", "/v1/generate/" + id).key(s.key());
    }

    /** A finished generation, made once in a run. */
    record Finished(String key, Body body, Streamed stream) {

        String id() {
            return stream.id();
        }

        byte[] bytes() {
            return stream.text().getBytes(StandardCharsets.UTF_8);
        }

        /** Whether a cursor lies between two code points. */
        boolean isBoundary(int n) {
            byte[] bytes = bytes();
            return n == bytes.length || (bytes[n] & 0xC0) != 0x80;
        }

        String after(int n) {
            byte[] bytes = bytes();
            return new String(bytes, n, bytes.length - n, StandardCharsets.UTF_8);
        }
    }

    static Finished finished(Session s) throws IOException {
        return s.keep("resumable", Finished.class, () -> fresh(s, everyWidth(s)));
    }

    static Finished fresh(Session s, Body body) throws IOException {
        String key = s.unique();
        return new Finished(
                key,
                body,
                Streamed.of(s.send(post(s, Session.STREAM, body, key))).finished());
    }

    static Request from(Request request, String cursor) {
        return request.header(CURSOR, cursor);
    }

    static String conflict(Answer answer) {
        return Expect.refusal(409, "conflict_error", answer).path("code").asText();
    }

    /** The events of a stream with the cursor of each. */
    static List<Event> events(Streamed stream) {
        List<Event> events = new ArrayList<>();
        Optional<String> id = Optional.empty();
        for (String line : stream.lines().lines()) {
            if (line.startsWith("id: ")) {
                id = Optional.of(line.substring(4));
            } else if (line.startsWith("data: {")) {
                events.add(new Event(id, Json.parse(line.substring(6))));
                id = Optional.empty();
            } else {
                id = Optional.empty();
            }
        }
        return events;
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
