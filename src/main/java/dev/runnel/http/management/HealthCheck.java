package dev.runnel.http.management;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One check of {@code /health/live} or {@code /health/ready}.
 *
 * @param name what is checked
 * @param isRequired whether a problem makes the whole response a failure; else the problem is only shown
 * @param problem one line, or empty; called on an event loop for each response
 */
public record HealthCheck(String name, boolean isRequired, Supplier<Optional<String>> problem) {}
