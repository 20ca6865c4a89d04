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
        boolean found = succeeds(command);
        if (!found && System.getenv("CI") != null) {
            throw new AssertionError(what + " is not installed, and CI is set");
        }
        assumeTrue(found, what + " is not installed");
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
