package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A process of its own with a heap of 64 MiB, which fills it in different ways. */
class OutOfMemoryExitTest {

    private static final int PART_BYTES = 4 * 1024;
    private static final int END_SECONDS = 60;

    @TempDir
    private Path folder;

    /** How the error of a full heap becomes visible, if at all. */
    enum Way {
        UNCAUGHT {
            @Override
            void fill(List<byte[]> parts) {
                fillUntilError(parts);
            }
        },
        LOGGED {
            @Override
            void fill(List<byte[]> parts) {
                try {
                    fillUntilError(parts);
                } catch (OutOfMemoryError e) {
                    // Only the line shows the error: with a full heap, logging would throw another one.
                    parts.clear();
                    LoggerFactory.getLogger(OutOfMemoryExitTest.class).warn("caught", e);
                }
                awaitEnd();
            }
        },
        LOGGED_AS_A_CAUSE {
            @Override
            void fill(List<byte[]> parts) {
                try {
                    fillUntilError(parts);
                } catch (OutOfMemoryError e) {
                    // Only the line shows the error: with a full heap, logging would throw another one.
                    parts.clear();
                    LoggerFactory.getLogger(OutOfMemoryExitTest.class)
                            .atError()
                            .setCause(e)
                            .log("caught");
                }
                awaitEnd();
            }
        },
        SWALLOWED {
            @Override
            void fill(List<byte[]> parts) {
                try {
                    fillUntilError(parts);
                } catch (OutOfMemoryError e) {
                    // As code that considers an error of one task as not worth a line.
                }
                while (true) {
                    try {
                        allocateInVain();
                    } finally {
                        // The compiler regards an object without further use as garbage.
                        Reference.reachabilityFence(parts);
                    }
                }
            }
        };

        abstract void fill(List<byte[]> parts);

        private static void fillUntilError(List<byte[]> parts) {
            while (true) {
                parts.add(new byte[PART_BYTES]);
            }
        }

        private static void allocateInVain() {
            try {
                new ArrayList<>(PART_BYTES).add(new byte[PART_BYTES]);
            } catch (OutOfMemoryError e) {
                // The next attempt fails too.
            }
        }

        private static void awaitEnd() {
            try {
                Thread.currentThread().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The process. */
    static final class Filler {

        private Filler() {}

        public static void main(String[] arguments) {
            OutOfMemoryExit.install();
            Way.valueOf(arguments[0]).fill(new ArrayList<>(PART_BYTES));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNCAUGHT, -XX:+UseG1GC",
        "LOGGED, -XX:+UseG1GC",
        "LOGGED_AS_A_CAUSE, -XX:+UseG1GC",
        "SWALLOWED, -XX:+UseG1GC",
        "SWALLOWED, -XX:+UseSerialGC"
    })
    void processEndsWithAStatusAndALastLine(Way way, String collector) throws Exception {
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        collector,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Filler.class.getName(),
                        way.name())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).isEqualTo(OutOfMemoryExit.STATUS);
        assertThat(Files.readAllLines(err, StandardCharsets.UTF_8))
                .last()
                .asString()
                .matches("runnel: out of memory \\(the heap is at most 6\\d MiB\\); the process ends with status 3\\."
                        + " Give it more memory \\(-Xmx\\), or lower memory\\.heldBytes\\.");
    }
}
