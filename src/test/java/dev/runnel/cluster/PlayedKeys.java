package dev.runnel.cluster;

import dev.runnel.resume.ClaimRequest;
import dev.runnel.resume.SharedKeys;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The idempotency keys of a cluster whose grid a test plays: the steps on entries are the real ones. */
public final class PlayedKeys implements SharedKeys {

    /** As {@link GridKeys}. */
    private static final long GRID_ANSWERS_MILLIS = 2_000;

    private final String self;
    private final Steps steps;

    /** The way to the member that has an entry. */
    @FunctionalInterface
    public interface Steps {

        /** Completes on the calling context with the answer of the step. */
        Future<byte[]> run(String key, byte[] step);
    }

    /** @param self the node that asks */
    public PlayedKeys(String self, Steps steps) {
        this.self = self;
        this.steps = steps;
    }

    /**
     * Does a step on the entry of a key.
     *
     * @param keys the entries by key, which are changed
     * @param isMember as the member with the entry sees it
     * @return the answer
     */
    public static byte[] apply(Map<String, byte[]> keys, String key, byte[] step, Predicate<String> isMember) {
        byte[] value = keys.get(key);
        StepResult done = Table.KEYS.apply(value, step, new GridMember(() -> 0), isMember);
        if (done.isChanged() && done.value() == null) {
            keys.remove(key);
        } else if (done.isChanged()) {
            keys.put(key, done.value());
        }
        return done.answer();
    }

    /** Whether an entry is that of a node whose request is not answered yet. */
    public static boolean isPendingOf(String node, byte[] entry) {
        KeyEntry read = KeyEntry.of(entry);
        return read.isPending() && read.node().equals(node);
    }

    @Override
    public Future<Answer> claim(ClaimRequest request, long number, String lost) {
        var step = new KeyStep(KeyStep.Kind.CLAIM, self, number, request.fingerprint(), lost);
        return ask(request, step, () -> release(request, number));
    }

    @Override
    public Future<Answer> find(ClaimRequest request, String lost) {
        return ask(request, new KeyStep(KeyStep.Kind.FIND, self, 0, request.fingerprint(), lost), () -> {});
    }

    private Future<Answer> ask(ClaimRequest request, KeyStep step, Runnable late) {
        Future<byte[]> answer = steps.run(GridKeys.key(request), step.bytes());
        return inTime(answer)
                .map(KeyAnswer::of)
                .onFailure(silence -> answer.onSuccess(tooLate -> late.run()))
                .otherwise(silence -> new Answer.Silent());
    }

    private static <T> Future<T> inTime(Future<T> answer) {
        return answer.timeout(GRID_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Future<Void> keep(ClaimRequest request, long number, String generationId) {
        byte[] step = new KeyStep(KeyStep.Kind.KEEP, self, number, generationId, "").bytes();
        return inTime(steps.run(GridKeys.key(request), step))
                .<Void>mapEmpty()
                .recover(silence ->
                        silence instanceof TimeoutException ? Future.succeededFuture() : Future.failedFuture(silence));
    }

    @Override
    public void release(ClaimRequest request, long number) {
        byte[] step = new KeyStep(KeyStep.Kind.RELEASE, self, number, "", "").bytes();
        steps.run(GridKeys.key(request), step);
    }
}
