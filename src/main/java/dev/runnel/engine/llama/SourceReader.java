package dev.runnel.engine.llama;

import dev.runnel.config.Rule;
import dev.runnel.config.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one entry of a model's {@code sources}. */
final class SourceReader {

    /** Complaints do not repeat an address: a refused one may hold credentials. */
    private static final Rule<URI> URL = new Rule<>(
            "an https URL without credentials", URI.create("https://localhost/"), SourceReader::parseUrl, true);

    // Neither a name nor a version can be taken for one of pip's options.
    private static final Rule<String> PACKAGE =
            Rule.matching(Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"), "a package's name");
    private static final Rule<String> VERSION =
            Rule.matching(Pattern.compile("[0-9][A-Za-z0-9.!+_-]{0,63}"), "a version, like 0.1.2");
    private static final Rule<String> MEMBER =
            Rule.matching(Pattern.compile("[^/\\\\\\p{Cntrl}][^\\\\\\p{Cntrl}]{0,254}"), "a path inside of the wheel");

    private SourceReader() {}

    /** An object with exactly one of {@code file}, {@code url} and {@code pip}; empty where it has not. */
    static Optional<ModelSource> read(Section section) {
        Optional<Path> file = section.optional("file", Rule.path());
        Optional<URI> url = section.optional("url", URL);
        boolean pip = section.has("pip");
        int given = (file.isPresent() ? 1 : 0) + (url.isPresent() ? 1 : 0) + (pip ? 1 : 0);
        if (given != 1) {
            section.complain("(file, url, pip)", given + " of them", "exactly one");
            return Optional.empty();
        }
        if (pip) {
            return Optional.of(readPip(section.section("pip")));
        }
        return file.<ModelSource>map(ModelSource.OnDisk::new).or(() -> url.map(ModelSource.Https::new));
    }

    private static ModelSource readPip(Section section) {
        return new ModelSource.Pip(
                section.required("package", PACKAGE),
                section.required("version", VERSION),
                section.required("member", MEMBER));
    }

    private static Optional<URI> parseUrl(String text) {
        try {
            return Optional.of(new URI(text)).filter(ModelSource.Https::isAllowed);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
