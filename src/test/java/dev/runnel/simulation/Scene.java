package dev.runnel.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the clients of one simulation share: the service, the keys, and the numbers of requests. */
final class Scene {

    private static final List<String> KEYS = List.of("wide-1", "wide-2", "narrow-1", "narrow-2");

    private final Service service;
    /** When keys were revoked. */
    private final Map<String, Long> revoked = new HashMap<>();

    /** Clients that wait for a text that they request too. */
    private final Deque<Consumer<RequestedText>> companions = new ArrayDeque<>();

    private String lastKey = KEYS.get(0);
    private int numbers;
    private int resumable;

    Scene(Service service) {
        this.service = service;
    }

    Service service() {
        return service;
    }

    int nextNumber() {
        numbers++;
        return numbers;
    }

    /** A client requests a text that another one requests soon. */
    void accompany(Consumer<RequestedText> companion) {
        companions.add(companion);
    }

    /** A new text. If it is resumable, a companion requests it too. */
    RequestedText text(World world, Choices.Draws draws) {
        RequestedText text = new RequestedText(world, this, draws);
        if (text.isResumable()) {
            resumable++;
            Consumer<RequestedText> companion = companions.poll();
            if (companion != null) {
                text.accompanied();
                companion.accept(text);
            }
        }
        return text;
    }

    /** Whether the bounds of kept texts may have dropped one. */
    boolean mayForget() {
        Situation situation = service.situation();
        return situation.keepsFew() || resumable > situation.resume().maxGenerations() / 2;
    }

    String key(Choices.Draws draws) {
        lastKey = KEYS.get(draws.between(0, KEYS.size() - 1));
        return lastKey;
    }

    /** The key of the latest request. */
    String lastKey() {
        return lastKey;
    }

    String plan(String keyId) {
        return keyId.substring(0, keyId.indexOf('-'));
    }

    void revoke(String keyId) {
        if (revoked.putIfAbsent(keyId, service.nowNanos()) == null) {
            service.revoke(keyId);
        }
    }

    boolean wasRevoked(String keyId, long beforeNanos) {
        return revoked.getOrDefault(keyId, Long.MAX_VALUE) < beforeNanos;
    }

    boolean isRevoked(String keyId) {
        return revoked.containsKey(keyId);
    }
}
