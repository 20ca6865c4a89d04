package dev.runnel.client;

import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;

/** Why a client's generations are refused, or end. */
final class ClientFailures {

    private ClientFailures() {}

    static Failure closed() {
        return Failure.of(FailureCode.CANCELLED, "the client of the generation is closed");
    }

    static Failure cutOff() {
        return Failure.of(FailureCode.CLUSTER, "this node did not run, and its cluster went on without it; try again");
    }

    /** The end of a stream with a gap. */
    static Future<Finished> partIsLost() {
        return Future.failedFuture(new GenerationException(
                Failure.of(FailureCode.LOST, "a part of the generation was lost between two nodes; try again")));
    }

    /**
     * Whether a run has ended, and the generation has not: the nodes did not hear each other, the generator cannot go
     * on, or it stops.
     */
    static boolean isOfOneRun(InboxMessage message) {
        return message instanceof Failed failed
                && (failed.failure().mayGoOnElsewhere() || failed.failure().code() == FailureCode.DRAINING);
    }

    /** A successor that is not needed. */
    static Failure notSought() {
        return Failure.of(FailureCode.CANCELLED, "no generator is sought any more");
    }

    /** The answer to a submit that was not accepted. */
    static GenerationException explained(Throwable refusal) {
        if (refusal instanceof GenerationException known) {
            return known;
        }
        return new GenerationException(
                BusFailures.hasNoReceiver(refusal)
                        ? new Failure(FailureCode.MODEL_UNAVAILABLE, "no generator is running; try again soon", null, 1)
                        : Failure.of(FailureCode.LOST, "the generator did not answer; try again"));
    }
}
