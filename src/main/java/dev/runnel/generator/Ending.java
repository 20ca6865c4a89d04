package dev.runnel.generator;

import dev.runnel.message.Ended.Outcome;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import java.util.Optional;

/** How a generation ends. */
sealed interface Ending {

    /** What it counts as. */
    Outcome outcome();

    /** Why it did not end as it should. */
    default Optional<FailureCode> error() {
        return outcome() == Outcome.CANCELLED ? Optional.of(FailureCode.CANCELLED) : Optional.empty();
    }

    /** As it should, or cancelled by name: its consumer is told with the usage. */
    record Done(FinishReason reason) implements Ending {

        @Override
        public Outcome outcome() {
            return switch (reason) {
                case STOP -> Outcome.STOP;
                case LENGTH -> Outcome.LENGTH;
                case CONTENT_FILTER -> Outcome.CONTENT_FILTER;
                case CANCELLED -> Outcome.CANCELLED;
                case UNKNOWN -> Outcome.UNKNOWN;
            };
        }
    }

    /** Its consumer is told why. */
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
        public Optional<FailureCode> error() {
            return Optional.of(failure.code());
        }
    }

    /** Nobody is left to be told. */
    record Abandoned() implements Ending {

        @Override
        public Outcome outcome() {
            return Outcome.CANCELLED;
        }
    }
}
