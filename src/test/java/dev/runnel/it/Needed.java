package dev.runnel.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;

/**
 * Programs that a user's machine may lack. Without one its tests skip and say so; where the variable {@code CI} is set
 * they fail.
 */
public final class Needed {

    private Needed() {}

    /**
     * Skips the test that calls it, or fails it, unless the program is there.
     *
     * @param command one that succeeds where it is
     */
    public static void program(String what, String... command) {
        installed(succeeds(command), what + " is not installed");
    }

    /**
     * Skips the test that calls it, or fails it, unless what it needs is there.
     *
     * @param otherwise why it is not
     */
    static void installed(boolean found, String otherwise) {
        if (!found && System.getenv("CI") != null) {
            throw new AssertionError(otherwise + ", and CI is set");
        }
        assumeTrue(found, otherwise);
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
