package dev.runnel.cluster;

import dev.runnel.resume.ClaimRequest;
import dev.runnel.resume.SharedKeys;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/** The idempotency keys of all nodes, in a map of the grid. It holds a digest of each key in place of the key. */
final class GridKeys implements SharedKeys {

    /**
     * A frozen member has a part of the keys until it is removed, and a request does not wait for that. For one with a
     * copy of the key the grid waits up to 1.5 s.
     */
    private static final Duration GRID_ANSWERS = Duration.ofSeconds(2);

    private final String self;
    private final GridSteps steps;

    GridKeys(String self, GridSteps steps) {
        this.self = self;
        this.steps = steps;
    }

    @Override
    public Future<Answer> claim(ClaimRequest request, long number, String lost) {
        return ask(
                new KeyStep(KeyStep.Kind.CLAIM, self, number, request.fingerprint(), lost),
                request,
                () -> release(request, number));
    }

    @Override
    public Future<Answer> find(ClaimRequest request, String lost) {
        return ask(new KeyStep(KeyStep.Kind.FIND, self, 0, request.fingerprint(), lost), request, () -> {});
    }

    private Future<Answer> ask(KeyStep step, ClaimRequest request, Runnable late) {
        return steps.run(Table.KEYS, key(request), step.bytes(), GRID_ANSWERS, late)
                .map(KeyAnswer::of)
                .otherwise(silence -> new Answer.Silent());
    }

    @Override
    public Future<Void> keep(ClaimRequest request, long number, String generationId) {
        byte[] step = new KeyStep(KeyStep.Kind.KEEP, self, number, generationId, "").bytes();
        String key = key(request);
        return steps.run(Table.KEYS, key, step, GRID_ANSWERS, () -> {})
                .<Void>mapEmpty()
                .recover(silence -> {
                    steps.deliver(Table.KEYS, key, step, () -> {});
                    return Future.succeededFuture();
                });
    }

    @Override
    public void release(ClaimRequest request, long number) {
        byte[] step = new KeyStep(KeyStep.Kind.RELEASE, self, number, "", "").bytes();
        steps.deliver(Table.KEYS, key(request), step, () -> {});
    }

    /** The key of the entry. */
    static String key(ClaimRequest request) {
        byte[] text = (request.owner() + '\n' + request.key()).getBytes(StandardCharsets.UTF_8);
        try {
            return Base64.getUrlEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
