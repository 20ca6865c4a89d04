package dev.runnel.model;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * An archive with libraries for this program, zip or tar.gz, in any of its folders. Other files are not needed, but for
 * the licenses.
 *
 * @param address an https URL
 * @param sha256 the hash of the archive, 64 hexadecimal digits in lower case
 */
public record ReleaseArchive(URI address, String sha256) implements PackedFiles {

    private static final List<String> LIBRARIES = List.of(".so", ".dylib", ".dll");
    private static final String VERSIONED = ".so.";
    private static final int HASH_CHARACTERS_IN_NAME = 16;

    /** The name of its folder in the data directory. */
    String folderName() {
        return "release-" + sha256.substring(0, HASH_CHARACTERS_IN_NAME);
    }

    /** The last part of a path, if it is the name of a library or a license. */
    @Override
    public String nameOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        boolean isLibrary = name.contains(VERSIONED) || LIBRARIES.stream().anyMatch(name::endsWith);
        boolean isLicense = name.toUpperCase(Locale.ROOT).startsWith("LICENSE");
        return (isLibrary || isLicense) && PackedFiles.isPlain(name) ? name : "";
    }

    @Override
    public long bytes() {
        return 0;
    }
}
