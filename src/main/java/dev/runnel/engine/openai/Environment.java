package dev.runnel.engine.openai;

import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine takes from the machine it runs on.
 *
 * @param variables the environment's
 * @param clock nanoseconds
 * @param random 0 … 1
 */
record Environment(Function<String, @Nullable String> variables, LongSupplier clock, DoubleSupplier random) {}
