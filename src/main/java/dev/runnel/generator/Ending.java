package dev.runnel.generator;

import dev.runnel.message.Ended.Outcome;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import java.util.Optional;

/** How a generation ends. */
sealed interface Ending {

    /** The word for it in records, logs and metrics. */
    Outcome outcome();

    /** Why it failed; empty if it did not fail. */
    default Optional<FailureCode> failureCode() {
        return Optional.empty();
    }

    /** Whether the consumer gets it before the engine has stopped. */
    default boolean isSentAtOnce() {
        return failureCode().isPresent();
    }

    /** The node whose consumer knows whether it is the end of the generation; empty if it is the end, or continued. */
    default Optional<String> decidedBy() {
        return Optional.empty();
    }

    /** With a finish reason, also after a cancel by id. The consumer gets the reason and the usage. */
    record Done(FinishReason reason) implements Ending {

        @Override
        public Outcome outcome() {
            return switch (reason) {
                case STOP, TOOL_CALLS -> Outcome.STOP;
                case LENGTH -> Outcome.LENGTH;
                case CONTENT_FILTER -> Outcome.CONTENT_FILTER;
                case CANCELLED -> Outcome.CANCELLED;
                case UNKNOWN -> Outcome.UNKNOWN;
            };
        }
    }

    /** With a failure, which the consumer gets. */
    record Failed(Failure failure) implements Ending {

        @Override
        public Outcome outcome() {
            return switch (failure.code()) {
                case QUEUE_TIMEOUT, FIRST_TOKEN_TIMEOUT, NEXT_TOKEN_TIMEOUT -> Outcome.TIMED_OUT;
                case CANCELLED -> Outcome.CANCELLED;
                case INVALID_REQUEST -> Outcome.REFUSED;
                default -> Outcome.FAILED;
            };
        }

        @Override
        public Optional<FailureCode> failureCode() {
            return Optional.of(failure.code());
        }
    }

    /**
     * Without an answer of the consumer's node, which may go on elsewhere. The consumer gets the failure if it is
     * there. The end of the generation is not published: it may not be one.
     *
     * @param node whose consumer it is. If that node leaves the cluster, it was the end. Empty if this node itself did
     *     not run: the consumer has gone on by then
     */
    record Unheard(String node) implements Ending {

        Failure failure() {
            return Failure.of(FailureCode.LOST, "the two nodes of the generation lost each other; try again");
        }

        @Override
        public Outcome outcome() {
            return Outcome.FAILED;
        }

        @Override
        public Optional<FailureCode> failureCode() {
            return Optional.of(FailureCode.LOST);
        }

        @Override
        public Optional<String> decidedBy() {
            return Optional.of(node);
        }
    }

    /**
     * The service stops, and the consumer on another node goes on with another generator. It gets the failure, and
     * publishes the end if none goes on.
     *
     * @param node whose consumer it is. If that node leaves the cluster, it was the end
     */
    record HandedOver(String node) implements Ending {

        @Override
        public Outcome outcome() {
            return Outcome.FAILED;
        }

        @Override
        public Optional<FailureCode> failureCode() {
            return Optional.of(FailureCode.DRAINING);
        }

        @Override
        public Optional<String> decidedBy() {
            return Optional.of(node);
        }
    }

    /** It goes on elsewhere: no message is sent, and no end is published. */
    record Continued() implements Ending {

        @Override
        public Outcome outcome() {
            return Outcome.CANCELLED;
        }
    }

    /** Without a consumer: it has left, and gets no message. */
    record Abandoned() implements Ending {

        @Override
        public Outcome outcome() {
            return Outcome.CANCELLED;
        }
    }
}
