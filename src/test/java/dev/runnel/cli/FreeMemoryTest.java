package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeMemoryTest {

    @TempDir
    Path root;

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void machineWithoutALimitHasWhatIsAvailable() throws IOException {
        write("proc/meminfo", "MemTotal:  9000 kB\nMemAvailable:   2000 kB\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "1\n");

        assertThat(new FreeMemory(root).bytes()).isEqualTo(2_048_000);
    }

    @Test
    void controlGroupWithALimitHasTheRestOfItAndItsCachedFiles() throws IOException {
        write("proc/meminfo", "MemAvailable:   2000 kB\n");
        write("sys/fs/cgroup/memory.max", "1000000\n");
        write("sys/fs/cgroup/memory.current", "900000\n");
        write("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 50000\n");

        assertThat(new FreeMemory(root).bytes()).isEqualTo(150_000);
    }

    @Test
    void otherSystemsHaveTheMemoryOfTheMachine() {
        assertThat(new FreeMemory(root).bytes()).isPositive();
    }
}
