package dev.runnel.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records which local keys were issued and which keys were revoked, in the file {@value #FILE_NAME} of the data
 * directory. Several processes may use it at the same time. Each call blocks and reads or writes the file. The file
 * contains no key itself.
 */
public final class KeyRegistry {

    public static final String FILE_NAME = "keys.jsonl";

    private final KeyLog log;
    private final Path file;
    private final InstantSource clock;

    public KeyRegistry(Path dataDirectory, InstantSource clock) {
        this.file = dataDirectory.resolve(FILE_NAME);
        this.log = new KeyLog(file);
        this.clock = clock;
    }

    /** The result of a revocation. */
    public enum Outcome {
        REVOKED,
        /** The key has no entry here, for example because another issuer made it. It is refused from now on. */
        REVOKED_UNKNOWN,
        REVOKED_BEFORE
    }

    /**
     * Issues a key, and records it before it is returned.
     *
     * @throws IllegalArgumentException when a value of the request is out of its range; the message is for the operator
     * @throws AuthSetupException when the file cannot be written
     */
    public IssuedKey issue(KeyIssuer issuer, KeyRequest request) {
        IssuedKey key = issuer.issue(request);
        recordIssued(key, request);
        return key;
    }

    void recordIssued(IssuedKey key, KeyRequest request) {
        KeyRecord record = new KeyRecord(
                key.id(),
                Optional.of(request.subject()),
                Optional.of(request.plan()),
                request.scopes(),
                Optional.of(clock.instant()),
                Optional.of(key.expiresAt()),
                Optional.empty());
        append(KeyEvent.issued(record));
    }

    /**
     * Revokes a key. A running service refuses it within a second.
     *
     * @param keyId a {@link Caller#keyId}
     * @throws IllegalArgumentException when no key can have this id
     * @throws AuthSetupException when the file cannot be written
     */
    public Outcome revoke(String keyId) {
        if (!ClaimRules.isPrintable(keyId, KeyEvent.MAX_ID_CHARS)) {
            throw new IllegalArgumentException(
                    "id: not usable (expected: the id that was shown when the key was issued)");
        }
        Optional<KeyRecord> known =
                list().stream().filter(key -> key.id().equals(keyId)).findFirst();
        if (known.flatMap(KeyRecord::revokedAt).isPresent()) {
            return Outcome.REVOKED_BEFORE;
        }
        append(KeyEvent.revoked(keyId, clock.instant(), known.flatMap(KeyRecord::expiresAt)));
        return known.isPresent() ? Outcome.REVOKED : Outcome.REVOKED_UNKNOWN;
    }

    /**
     * All keys with an entry, oldest first.
     *
     * @throws AuthSetupException when the file cannot be read
     */
    public List<KeyRecord> list() {
        Map<String, KeyRecord> keys = new LinkedHashMap<>();
        records().forEach(key -> keys.merge(key.id(), key, KeyRecord::with));
        return List.copyOf(keys.values());
    }

    /** A value that changes whenever the file does. */
    Object mark() {
        try {
            return log.mark();
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be read: " + e, e);
        }
    }

    /** One record for each event, in the order of the file. */
    private List<KeyRecord> records() {
        try {
            return log.read().stream()
                    .flatMap(event -> event.toRecord().stream())
                    .toList();
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be read: " + e, e);
        }
    }

    private void append(KeyEvent event) {
        try {
            log.append(event);
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be written: " + e, e);
        }
    }
}
