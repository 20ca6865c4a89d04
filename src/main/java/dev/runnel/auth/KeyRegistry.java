package dev.runnel.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records which local keys were issued and which keys were revoked, in the file {@value #FILE_NAME} of the data
 * directory. Several processes may use it at the same time. Each call blocks and reads or writes the file. The file
 * contains no key itself.
 */
public final class KeyRegistry {

    public static final String FILE_NAME = "keys.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(KeyRegistry.class);
    private static final int MAX_SHOWN_LINES = 10;

    private final KeyLog log;
    private final Path file;
    private final Path secretFile;
    private final InstantSource clock;

    public KeyRegistry(Path dataDirectory, InstantSource clock) {
        this.file = dataDirectory.resolve(FILE_NAME);
        this.secretFile = dataDirectory.resolve(SigningSecret.FILE_NAME);
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
     * What the file contains.
     *
     * @param keys all keys with an entry, oldest first
     * @param problems one line each for the operator: damaged lines, or a missing file. No line shows content.
     * @param mayLackRevocations whether a line that cannot be read may be a revocation
     * @param isUnfinished whether the last line has no end and is damaged: a process is writing it, or died
     */
    public record Contents(
            List<KeyRecord> keys, List<String> problems, boolean mayLackRevocations, boolean isUnfinished) {

        public Contents {
            keys = List.copyOf(keys);
            problems = List.copyOf(problems);
        }
    }

    /**
     * All keys with an entry, oldest first.
     *
     * @throws AuthSetupException when the file cannot be read
     */
    public List<KeyRecord> list() {
        return read().keys();
    }

    /**
     * The keys and the problems. A last line that is unfinished counts as damaged.
     *
     * @throws AuthSetupException when the file cannot be read
     */
    public Contents read() {
        return read(true);
    }

    /** @param isSettled whether a last line that is unfinished counts as damaged */
    Contents read(boolean isSettled) {
        KeyLog.Content content = content();
        List<DamagedLine> damaged = new ArrayList<>(content.damaged());
        content.unfinished().filter(line -> isSettled).ifPresent(damaged::add);
        boolean mayLackRevocations = damaged.stream().anyMatch(DamagedLine::mayRevoke);
        return new Contents(
                keys(content.events()),
                problems(damaged),
                mayLackRevocations,
                content.unfinished().isPresent());
    }

    /** Makes an empty file if the file is missing, so that its absence is reported once. */
    void create() {
        try {
            log.create();
        } catch (IOException e) {
            LOG.debug("{}: cannot be created: {}", file, e.toString());
        }
    }

    /** A value that changes whenever the file does. */
    Object mark() {
        try {
            return log.mark();
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be read: " + e, e);
        }
    }

    private KeyLog.Content content() {
        try {
            return log.read();
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be read: " + e, e);
        }
    }

    private static List<KeyRecord> keys(List<KeyEvent> events) {
        Map<String, KeyRecord> keys = new LinkedHashMap<>();
        events.stream()
                .flatMap(event -> event.toRecord().stream())
                .forEach(key -> keys.merge(key.id(), key, KeyRecord::with));
        return List.copyOf(keys.values());
    }

    private List<String> problems(List<DamagedLine> damaged) {
        List<String> problems = new ArrayList<>();
        numbers(damaged, true)
                .map(lines ->
                        file + ": " + lines + " cannot be read and may be a revocation. All locally issued keys are"
                                + " refused until it is repaired, or removed and its key revoked again")
                .ifPresent(problems::add);
        numbers(damaged, false)
                .map(lines -> file + ": " + lines + " cannot be read. It was the issue of a key, which is not listed."
                        + " Repair or remove it")
                .ifPresent(problems::add);
        if (log.isMissing() && Files.exists(secretFile)) {
            problems.add(
                    file + ": missing, although " + SigningSecret.FILE_NAME + " exists. Keys that were revoked in it"
                            + " are accepted: restore it, or revoke them again. Nothing is lost if no key was revoked");
        }
        return problems;
    }

    /** The numbers of the first lines of one kind; empty without such lines. */
    private static Optional<String> numbers(List<DamagedLine> damaged, boolean mayRevoke) {
        List<DamagedLine> some =
                damaged.stream().filter(line -> line.mayRevoke() == mayRevoke).toList();
        String first = some.stream()
                .limit(MAX_SHOWN_LINES)
                .map(line -> "line " + line.number())
                .collect(Collectors.joining(", "));
        int further = some.size() - MAX_SHOWN_LINES;
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(first + (further > 0 ? " and " + further + " more" : ""));
    }

    private void append(KeyEvent event) {
        try {
            log.append(event);
        } catch (IOException e) {
            throw new AuthSetupException(file + ": cannot be written: " + e, e);
        }
    }
}
