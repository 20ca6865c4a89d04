package dev.runnel.client;

import dev.runnel.message.Finished;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

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

    /** A successor that is not needed. */
    static Failure notSought() {
        return Failure.of(FailureCode.CANCELLED, "no generator is sought any more");
    }

    /** The answer to a submit that was not accepted. */
    static GenerationException explained(Throwable refusal) {
        if (refusal instanceof GenerationException known) {
            return known;
        }
        boolean noGenerator =
                refusal instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        return new GenerationException(
                noGenerator
                        ? new Failure(FailureCode.MODEL_UNAVAILABLE, "no generator is running; try again soon", null, 1)
                        : Failure.of(FailureCode.LOST, "the generator did not answer; try again"));
    }
}
