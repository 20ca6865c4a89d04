package dev.runnel.engine.openai;

import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine uses of the process it runs in.
 *
 * @param variables the environment variables
 * @param clock nanoseconds
 * @param random 0 … 1
 */
record Environment(Function<String, @Nullable String> variables, LongSupplier clock, DoubleSupplier random) {}
