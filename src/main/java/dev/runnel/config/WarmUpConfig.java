package dev.runnel.config;

import java.time.Duration;

/**
 * What the service does before it is ready.
 *
 * @param duration how long it drives itself, so that the first requests find compiled code; zero is not at all
 * @param compiler which of the JVM's compilers work, then and later
 */
public record WarmUpConfig(Duration duration, Compiler compiler) {

    /** The JVM's compilers. */
    public enum Compiler {
        /** {@link #QUICK} with fewer than four processors, else {@link #OPTIMIZING}. */
        AUTO,
        /** C1 alone: soon done with everything, but its code is dearer. */
        QUICK,
        /** C2 behind C1, as the JVM has it: cheaper code after a million events, whose compiling takes processors until then. */
        OPTIMIZING
    }

    private static final Duration LONGEST = Duration.ofMinutes(5);

    static WarmUpConfig read(Section section) {
        return new WarmUpConfig(
                section.required("duration", Rule.duration(Duration.ZERO, LONGEST)),
                section.required("compiler", Rule.oneOf(Compiler.class)));
    }
}
