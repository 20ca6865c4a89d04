package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.engine.llama.TinyModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged heads: each gives a model or one line, with little memory. */
class HostileGgufTest {

    private static final int MUTATIONS = 200;
    private static final long MAX_BYTES = 1 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private byte[] valid;
    private int head;

    @BeforeEach
    void write() throws IOException {
        Path file = TinyModel.write(folder.resolve("valid.gguf"));
        valid = Files.readAllBytes(file);
        head = TinyModel.headBytes(valid);
    }

    @Test
    void eachMutationGivesAModelOrOneLine() throws IOException {
        int refused = 0;
        for (long seed = 0; seed < MUTATIONS; seed++) {
            Path file = Files.write(folder.resolve("damaged.gguf"), GgufMutation.of(valid, head, seed));
            String line = refusal(file);
            long before = threads.getCurrentThreadAllocatedBytes();
            // The first reading may have loaded classes.
            String again = refusal(file);
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(again).isEqualTo(line);
            assertThat(bytes).as("bytes allocated for seed %d: %s", seed, line).isLessThan(MAX_BYTES);
            refused += line.isEmpty() ? 0 : 1;
        }

        // The damage is neither too small nor too large to test anything.
        assertThat(refused).isBetween(MUTATIONS / 2, MUTATIONS - 10);
    }

    /** The line about the file; empty if it is a model. */
    private static String refusal(Path file) throws IOException {
        try {
            GgufHeader.read(file);
            return "";
        } catch (GgufException e) {
            String line = String.valueOf(e.getMessage());
            assertThat(line)
                    .matches("\\P{Cntrl}+: \\P{Cntrl}+ \\(expected: \\P{Cntrl}+\\)")
                    .hasSizeLessThan(1000);
            return line;
        }
    }
}
