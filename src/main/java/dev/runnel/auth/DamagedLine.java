package dev.runnel.auth;

/**
 * A line of the key log that records no event.
 *
 * @param number 1 is the first line
 * @param mayRevoke whether the line may be a revocation
 */
record DamagedLine(long number, boolean mayRevoke) {

    /** How {@link KeyLog#append} starts the line of an issued key. */
    private static final String ISSUED = "{\"event\":\"issued\"";

    private static final String EVENT = "\"event\"";

    static DamagedLine of(long number, String line) {
        return new DamagedLine(number, !isIssue(line));
    }

    /** A second object or a second event in the line may be a revocation. */
    private static boolean isIssue(String line) {
        return line.startsWith(ISSUED) && line.lastIndexOf('{') == 0 && line.lastIndexOf(EVENT) == 1;
    }
}
