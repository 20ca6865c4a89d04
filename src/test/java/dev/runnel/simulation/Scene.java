package dev.runnel.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the clients of one simulation share: the service, the keys, and the numbers of requests. */
final class Scene {

    private static final List<String> KEYS = List.of("wide-1", "wide-2", "narrow-1", "narrow-2");

    private final Service service;
    private final Set<String> revoked = new HashSet<>();
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
        if (revoked.add(keyId)) {
            service.revoke(keyId);
        }
    }

    boolean isRevoked(String keyId) {
        return revoked.contains(keyId);
    }
}
