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

    /** Without a consumer: it has left, and gets no message. */
    record Abandoned() implements Ending {

        @Override
        public Outcome outcome() {
            return Outcome.CANCELLED;
        }
    }
}
