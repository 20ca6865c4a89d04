package dev.runnel.http.management;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that {@code /health/live} or {@code /health/ready} tells about.
 *
 * @param name what is checked
 * @param isRequired whether a problem with it makes the whole answer a failure; else it is only shown
 * @param problem what is wrong, one line, or empty; called on an event loop for each answer
 */
public record HealthCheck(String name, boolean isRequired, Supplier<Optional<String>> problem) {}
