package dev.runnel.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** What the operating system says that a process uses. */
record ProcessCost(ProcessHandle process) {

    /**
     * The CPU time so far, in microseconds; Linux counts hundredths of a second. 0 where the platform has no
     * such count.
     */
    long cpuMicros() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1000;
    }

    /** Resident memory, where there is {@code /proc}. */
    OptionalLong residentKilobytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return OptionalLong.empty();
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** How many files a process started from here may open; a guess where there is no {@code /proc}. */
    static int mostOpenFiles() {
        try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.replaceFirst("Max open files +\\S+ +(\\S+).*", "$1"))
                    .mapToInt(hard -> hard.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(hard))
                    .findFirst()
                    .orElse(1024);
        } catch (IOException e) {
            return 1024;
        }
    }
}
