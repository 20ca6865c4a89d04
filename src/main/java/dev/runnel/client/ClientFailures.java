package dev.runnel.client;

import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;

/** Why a client's generations are refused, or end. */
final class ClientFailures {

    private ClientFailures() {}

    static Failure closed() {
        return Failure.of(FailureCode.CANCELLED, "the client of the generation is closed");
    }

    static Failure cutOff() {
        return Failure.of(FailureCode.CLUSTER, "this node did not run, and its cluster went on without it; try again");
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
