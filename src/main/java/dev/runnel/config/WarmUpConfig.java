package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;

/**
 * The work of the service before it is ready.
 *
 * @param duration how long it sends requests to itself, so that the first real requests run compiled code; zero is off
 * @param compiler which of the JVM's compilers are used, during the warm-up and later
 */
public record WarmUpConfig(Duration duration, Compiler compiler) {

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

    private static final Duration LONGEST = Duration.ofMinutes(5);

    static WarmUpConfig read(Section section) {
        return new WarmUpConfig(
                section.required("duration", Rule.duration(Duration.ZERO, LONGEST)),
                section.required("compiler", Rule.oneOf(Compiler.class)));
    }
}
