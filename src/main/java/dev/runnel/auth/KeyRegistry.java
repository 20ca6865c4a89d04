package dev.runnel.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which local keys were issued and which keys were revoked, in the file {@value #FILE_NAME} of the data directory. Several
 * processes may use it at the same time; each call blocks and reads or writes the file. No key itself stands in it.
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

    /** What came of a revocation. */
    public enum Outcome {
        REVOKED,
        /** It was not issued here, or not with an entry; it is not taken from now on all the same. */
        REVOKED_UNKNOWN,
        REVOKED_BEFORE
    }

    /**
     * Issues a key, written down before it is handed out.
     *
     * @throws IllegalArgumentException where the request is out of its ranges, with a message for whoever asked
     * @throws AuthSetupException where the file cannot be written
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
     * Has a key taken no more; a running service knows within a second.
     *
     * @param keyId a {@link Caller#keyId}
     * @throws IllegalArgumentException where that cannot be the id of a key
     * @throws AuthSetupException where the file cannot be written
     */
    public Outcome revoke(String keyId) {
        if (!ClaimRules.isPrintable(keyId, KeyEvent.MAX_ID_CHARS)) {
            throw new IllegalArgumentException("id: not usable (expected: one that was shown when the key was issued)");
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
     * All keys that were issued with an entry or revoked, oldest first.
     *
     * @throws AuthSetupException where the file cannot be read
     */
    public List<KeyRecord> list() {
        Map<String, KeyRecord> keys = new LinkedHashMap<>();
        records().forEach(key -> keys.merge(key.id(), key, KeyRecord::with));
        return List.copyOf(keys.values());
    }

    /** What is another value once something was written. */
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
