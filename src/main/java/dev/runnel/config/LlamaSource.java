package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** A source of the files of llama.cpp v0.4.0. */
public sealed interface LlamaSource {

    /** The rule of its text. */
    String EXPECTED = "npm, https://…#sha256=HEX, or the absolute path of a folder";

    /** The npm package for the machine, whose hash this program has. */
    record Npm() implements LlamaSource {}

    /**
     * An archive, zip or tar.gz, such as llama.cpp's own releases.
     *
     * @param address an https URL
     * @param sha256 the hash of the archive, 64 hexadecimal digits in lower case
     */
    record Archive(URI address, String sha256) implements LlamaSource {}

    /** A folder on this machine, which is used where it is. */
    record Folder(Path path) implements LlamaSource {}

    /** Reads the text of a source; empty if it breaks the rule. An archive needs its hash. */
    static Optional<LlamaSource> parse(String text) {
        if (text.equals("npm")) {
            return Optional.of(new Npm());
        }
        if (text.startsWith("https://")) {
            return archive(text);
        }
        return folder(text).map(Folder::new);
    }

    /** A text for a complaint, without the user and the query of a URL, which may contain secrets. */
    static String shown(String text) {
        int query = text.indexOf('?');
        return (query < 0 ? text : text.substring(0, query) + "?…").replaceFirst("//[^/@]*@", "//…@");
    }

    private static Optional<LlamaSource> archive(String text) {
        String mark = "#sha256=";
        int at = text.indexOf(mark);
        if (at < 0) {
            return Optional.empty();
        }
        String hash = text.substring(at + mark.length());
        return Rule.httpsUrl()
                .parse()
                .apply(text.substring(0, at))
                .filter(address -> Pattern.matches("[0-9a-f]{64}", hash))
                .map(address -> new Archive(address, hash));
    }

    /** The path of a folder; empty unless it is absolute. */
    static Optional<Path> folder(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
