package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;

/**
 * The work of the service before it is ready.
 *
 * @param streams how many streams it sends to itself, so that the first real requests run compiled code; 0 is off
 * @param duration for how long it does so at most, whatever it has reached; zero is off
 * @param compiler which of the JVM's compilers are used, during the warm-up and later
 */
public record WarmUpConfig(int streams, Duration duration, Compiler compiler) {

    /** The JVM's compilers. */
    public enum Compiler {
        /** {@link #QUICK} with fewer than four processors, else {@link #OPTIMIZING}. */
        AUTO,
        /** C1 alone: it compiles fast, but its code uses more CPU. */
        QUICK,
        /**
         * C1 and C2, the JVM's default: the code uses less CPU, but compiling uses processors for the first million
         * events.
         */
        OPTIMIZING
    }

    /** The most streams: {@code duration} then ends the warm-up. */
    public static final int MAX_STREAMS = 1_000_000;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    static WarmUpConfig read(Section section) {
        return new WarmUpConfig(
                section.required("streams", Rule.integer(0, MAX_STREAMS)),
                section.required("duration", Rule.duration(Duration.ZERO, LONGEST)),
                section.required("compiler", Rule.oneOf(Compiler.class)));
    }

    /** Whether the service warms up. */
    public boolean isOn() {
        return streams > 0 && !duration.isZero();
    }
}
