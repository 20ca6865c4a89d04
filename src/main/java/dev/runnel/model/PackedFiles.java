package dev.runnel.model;

/** Which files of an archive are needed. */
interface PackedFiles {

    /** The name under which a file of the archive is kept; empty for a path that is not needed. */
    String nameOf(String path);

    /** The hash of the archive, 64 hexadecimal digits in lower case. */
    String sha256();

    /** The size of the archive; 0 if unknown. */
    long bytes();

    /** Whether a name contains only characters that are safe in the name of a file. */
    static boolean isPlain(String name) {
        return !name.startsWith(".")
                && name.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0));
    }
}
