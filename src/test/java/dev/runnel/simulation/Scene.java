package dev.runnel.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the clients of one simulation share: the service, the keys, and the numbers of requests. */
final class Scene {

    private static final List<String> KEYS = List.of("wide-1", "wide-2", "narrow-1", "narrow-2");

    private final Service service;
    /** When keys were revoked. */
    private final Map<String, Long> revoked = new HashMap<>();

    private int numbers;

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

    String key(Choices.Draws draws) {
        return KEYS.get(draws.between(0, KEYS.size() - 1));
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
