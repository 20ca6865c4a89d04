package dev.runnel.simulation;

import dev.runnel.client.ClientGeneration;
import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.GenerationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A consumer on the bus: it reads at its own pace, pauses, cancels or leaves. */
final class BusActor implements Actor {

    private static final int LATEST_FAULT_MILLIS = 2500;
    private static final int ARRIVALS_MILLIS = 5000;
    private static final long CANCELLED_WITHIN_NANOS = 700_000_000L;

    private final World world;
    private final Scene scene;
    private final int index;
    private final Choices.Draws draws;
    private final StringBuilder text = new StringBuilder();

    private @Nullable BusLane lane;
    private @Nullable ClientGeneration generation;
    private int number = -1;
    private long nextSequence;
    private int ends;
    private boolean settled;
    private boolean refused;
    private boolean left;
    private boolean deleted;
    private long leftNanos;

    BusActor(World world, Scene scene, int index) {
        this.world = world;
        this.scene = scene;
        this.index = index;
        this.draws = world.choices().at(name());
    }

    @Override
    public String name() {
        return "consumer " + index;
    }

    @Override
    public void arrive() {
        world.network().afterMillis(draws.between(0, ARRIVALS_MILLIS), name() + " arrives", () -> {
            List<BusLane> lanes = scene.service().busLanes();
            BusLane its = lanes.get(draws.between(0, lanes.size() - 1));
            lane = its;
            its.run(() -> submit(its));
        });
    }

    private void submit(BusLane its) {
        number = scene.nextNumber();
        String model = Situation.PLAYED;
        if (draws.chance(0.2)) {
            model = Situation.SCRIPTED;
            world.reference().known(number, String.join("", Situation.SCRIPT));
        }
        String keyId = scene.key(draws);
        world.steps().add(name(), "submits " + number + " with " + keyId);
        var request = GenerationRequest.of("p" + number)
                .withModel(model)
                .withMaxTokens(draws.between(9, 60))
                .withCaller(keyId, keyId)
                .withRequestId("r" + number, null)
                .withShare(draws.chance(0.7) ? 1 : 0.5);
        its.client().submit(request, () -> left).onSuccess(this::accepted).onFailure(this::refused);
        misbehave();
    }

    private void misbehave() {
        later(0.1, "cancels " + number, () -> {
            left = true;
            leftNanos = world.clock().nanoTime();
            cancel(Cancel.Cause.CONSUMER_GONE);
        });
        later(0.1, "deletes " + number, () -> {
            deleted = true;
            cancel(Cancel.Cause.DELETED);
        });
        later(0.15, "pauses " + number, () -> {
            if (generation != null) {
                generation.deltas().pause();
            }
        });
        later(0.15, "fetches " + number, () -> {
            if (generation != null) {
                generation.deltas().fetch(draws.between(1, 3));
            }
        });
    }

    private void later(double probability, String fault, Runnable action) {
        int afterMillis = draws.between(0, LATEST_FAULT_MILLIS);
        if (lane != null && draws.fault(probability, fault)) {
            BusLane its = lane;
            world.network()
                    .afterMillis(
                            afterMillis,
                            name() + " " + fault,
                            () -> its.run(() -> {
                                if (!isDone() && !world.choices().isCalm()) {
                                    world.steps().add(name(), fault);
                                    action.run();
                                }
                            }));
        }
    }

    private void cancel(Cancel.Cause cause) {
        if (generation != null) {
            generation.cancel(cause);
        }
    }

    private void accepted(ClientGeneration its) {
        world.steps().add(name(), "is accepted");
        generation = its;
        its.deltas().exceptionHandler(failure -> failed((GenerationException) failure));
        its.deltas().handler(this::read);
        its.end().onSuccess(this::finished);
        its.settled().onComplete(done -> {
            settled = true;
            check(done.succeeded() || lost(), "no account came");
        });
        if (left) {
            its.cancel();
        } else if (deleted) {
            its.cancel(Cancel.Cause.DELETED);
        }
    }

    private void refused(Throwable refusal) {
        FailureCode code = ((GenerationException) refusal).failure().code();
        world.steps().add(name(), "is refused: " + code);
        refused = true;
        check(code != FailureCode.LOST || lost(), "a submit was lost");
        check(code != FailureCode.DRAINING || scene.service().isDraining(), "draining without a drain");
    }

    private void read(Delta delta) {
        check(ends == 0 && !left, "a delta follows the end");
        check(delta.sequence() >= nextSequence, "delta %d after delta %d".formatted(delta.sequence(), nextSequence));
        nextSequence = delta.sequence() + 1;
        text.append(delta.text());
        check(world.reference().isProduced(number, text), "received what no engine has produced");
    }

    private void finished(Finished finished) {
        ends++;
        world.steps().add(name(), "finished " + finished.finishReason());
        check(ends == 1 && !left, "a second end");
        boolean isCut = finished.finishReason() == FinishReason.CANCELLED;
        check(!isCut || deleted, "cancelled, and no one has asked for it");
        check(isCut || world.reference().isComplete(number, text), "finished without the whole text");
    }

    private void failed(GenerationException failure) {
        ends++;
        FailureCode code = failure.failure().code();
        world.steps().add(name(), "failed: " + code);
        check(ends == 1, "a second end");
        check(code != FailureCode.LOST || lost(), "messages were lost");
        check(code != FailureCode.CANCELLED || left, "cancelled, and no one has asked for it");
        check(code != FailureCode.DRAINING || scene.service().isDraining(), "draining without a drain");
    }

    private boolean lost() {
        return scene.service().bus().wereMessagesLost();
    }

    @Override
    public void check() {
        long limit = world.clock().nanoTime() - CANCELLED_WITHIN_NANOS;
        boolean goesOn = left && leftNanos < limit && world.reference().runs(number, limit);
        check(!goesOn || lost(), "has left, and its generation goes on");
    }

    @Override
    public void calmDown() {
        BusLane its = lane;
        ClientGeneration running = generation;
        if (its != null && running != null) {
            its.run(() -> running.deltas().resume());
        }
    }

    @Override
    public boolean isDone() {
        return refused || (ends == 1 && settled);
    }

    @Override
    public void checkEnd() {
        check(isDone(), "waits for request " + number + " without an end");
        boolean hasAccount = generation == null || world.rules().hasEnded(generation.id());
        check(hasAccount, "its generation has no account");
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            world.rules().fail(name() + ": " + rule);
        }
    }
}
