package dev.runnel.simulation;

import dev.runnel.auth.FixedKeys;
import java.util.concurrent.ConcurrentHashMap;

/** What one or two clients of a cluster ask for. */
final class ClusterText implements Requested {

    private static final String KEY_ID = "wide-1";
    private static final ConcurrentHashMap<String, String> TOKENS = new ConcurrentHashMap<>();

    private final int number;
    private final boolean resumable;
    private final int maxTokens;

    ClusterText(int number, boolean resumable, int maxTokens) {
        this.number = number;
        this.resumable = resumable;
        this.maxTokens = maxTokens;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public boolean isResumable() {
        return resumable;
    }

    @Override
    public boolean isDeleted() {
        return false;
    }

    /** Of a client that asks for it for the first time, or that comes back with its key. */
    String post(boolean streams, boolean includesText, String cursor) {
        String json = "{\"prompt\":\"p" + number + "\",\"model\":\"" + Situation.PLAYED + "\",\"includeText\":"
                + includesText + ",\"maxTokens\":" + maxTokens + "}";
        String key = resumable ? "Idempotency-Key: k" + number + "\r\n" : "";
        return "POST /v1/generate" + (streams ? "/stream" : "") + " HTTP/1.1\r\n" + headers(cursor)
                + "Content-Type: application/json\r\n" + key + "Content-Length: " + json.length() + "\r\n\r\n" + json;
    }

    /** Of a client that comes back with the id of the generation. */
    String get(String generationId, boolean includesText, String cursor) {
        return "GET /v1/generate/" + generationId + "/stream?includeText=" + includesText + " HTTP/1.1\r\n"
                + headers(cursor) + "\r\n";
    }

    private String headers(String cursor) {
        String last = cursor.isEmpty() ? "" : "Last-Event-ID: " + cursor + "\r\n";
        String token = TOKENS.computeIfAbsent(KEY_ID, id -> FixedKeys.token(id, "wide", new VirtualClock().instant()));
        return "Host: simulation\r\nAuthorization: Bearer " + token + "\r\nX-Request-Id: r" + number + "\r\n" + last;
    }
}
