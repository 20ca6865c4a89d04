package dev.runnel.config;

/** There is no data directory: neither the environment names one, nor has the user a home directory. */
public final class MissingDirectoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MissingDirectoryException() {
        super("RUNNEL_DATA: not set, and neither the passwd file nor HOME has a usable home directory"
                + " (expected: RUNNEL_DATA is the path of a writable directory)");
    }
}
