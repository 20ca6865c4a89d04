package dev.runnel.shape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directories and files that may still break a rule: one line for each, the rule and the path. */
record Exceptions(Set<String> lines) {

    static Exceptions read() {
        try (InputStream file = Exceptions.class.getResourceAsStream("exceptions.txt")) {
            return of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Exceptions of(String text) {
        return new Exceptions(text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether the file or its own directory is on the list. A directory above it does not count. */
    boolean allow(Violation violation) {
        return Stream.of(violation.path(), violation.path().getParent())
                .anyMatch(path -> path != null && lines.contains(line(violation.rule(), path)));
    }

    private static String line(Violation.Rule rule, Path path) {
        return rule.word() + " " + path.toString().replace('\\', '/');
    }
}
