package dev.runnel.model;

import dev.runnel.config.tree.Rule;
import java.net.URI;
import java.nio.file.Path;

/** One source of a model's file. */
public sealed interface ModelSource {

    /** A short description for the operator, without credentials. */
    String inWords();

    /** A file on this machine. It is used in its place, not copied. */
    record OnDisk(Path path) implements ModelSource {

        @Override
        public String inWords() {
            return "file " + path;
        }
    }

    /** A download. The address is one that {@link Rule#httpsUrl} accepts. */
    record Https(URI address) implements ModelSource {

        private static final Rule<URI> URL = Rule.httpsUrl();

        public Https {
            if (URL.parse().apply(address.toString()).isEmpty()) {
                throw new IllegalArgumentException("address: not " + URL.expected());
            }
        }

        /** Without the query, which may contain a signature. */
        @Override
        public String inWords() {
            return "https://" + address.getRawAuthority() + address.getRawPath();
        }
    }

    /**
     * A wheel of the Python package index that contains the file.
     *
     * @param name the package
     * @param version the exact version
     * @param member the file's path inside of the wheel
     */
    record Pip(String name, String version, String member) implements ModelSource {

        @Override
        public String inWords() {
            return "pip package " + name + " " + version;
        }
    }
}
