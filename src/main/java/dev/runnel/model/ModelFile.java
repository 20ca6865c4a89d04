package dev.runnel.model;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model's file and its sources.
 *
 * @param sources the sources, in the order in which they are tried
 * @param sha256 the hash that the file must have, 64 hexadecimal digits in lower case; empty if it is not checked
 * @param bytes the size that the file must have; 0 if unknown
 */
public record ModelFile(List<ModelSource> sources, Optional<String> sha256, long bytes) {

    private static final Rule<String> SHA256 =
            Rule.matching(Pattern.compile("[0-9a-f]{64}"), "64 hexadecimal digits in lower case");

    public ModelFile {
        sources = List.copyOf(sources);
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
        }
    }

    /**
     * Reads the keys {@code sources}, {@code sha256}, {@code unchecked} and {@code bytes}. Complaints go to the
     * section. A fetched file needs a hash, unless {@code unchecked} is true.
     */
    public static ModelFile read(Section section) {
        List<ModelSource> sources = section.requiredSections("sources").stream()
                .flatMap(source -> SourceReader.read(source).stream())
                .toList();
        Optional<String> sha256 = section.optional("sha256", SHA256);
        boolean isUnchecked = section.value("unchecked", Rule.bool(), false);
        boolean isFetched = sources.stream().anyMatch(source -> !(source instanceof ModelSource.OnDisk));
        if (isFetched && sha256.isEmpty() && !isUnchecked) {
            section.complain(
                    "sha256", "missing", SHA256.expected() + " for a file that is fetched, or unchecked: true");
        }
        if (isUnchecked && sha256.isPresent()) {
            section.complain("unchecked", true, "false, or no sha256");
        }
        return new ModelFile(sources, sha256, section.value("bytes", Rule.size(1, Long.MAX_VALUE), 0L));
    }
}
