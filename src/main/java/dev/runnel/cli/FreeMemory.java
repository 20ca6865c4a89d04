package dev.runnel.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** The memory that this process may still use: what the machine has, within the limit of its control group. */
final class FreeMemory {

    private final Path root;

    /** @param root the root of the file system, which another one replaces in tests */
    FreeMemory(Path root) {
        this.root = root;
    }

    /** In bytes; the pages of cached files count as free. */
    long bytes() {
        return LongStream.concat(LongStream.of(ofMachine()), ofGroup().stream())
                .min()
                .orElse(0);
    }

    private long ofMachine() {
        return number("proc/meminfo", "MemAvailable:").stream()
                .map(kilobytes -> kilobytes * 1024)
                .findFirst()
                .orElseGet(() -> ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                        .getTotalMemorySize());
    }

    /** Version 2 of control groups, as a container sees its own. Without a limit there is no number. */
    private OptionalLong ofGroup() {
        OptionalLong limit = number("sys/fs/cgroup/memory.max", "");
        OptionalLong used = number("sys/fs/cgroup/memory.current", "");
        if (limit.isEmpty() || used.isEmpty()) {
            return OptionalLong.empty();
        }
        long cached = number("sys/fs/cgroup/memory.stat", "inactive_file").orElse(0);
        return OptionalLong.of(Math.max(0, limit.getAsLong() - used.getAsLong() + cached));
    }

    /** The first number after a word at the start of a line. */
    private OptionalLong number(String file, String word) {
        try {
            List<String> lines = Files.readAllLines(root.resolve(file));
            return lines.stream()
                    .filter(line -> line.startsWith(word))
                    .map(line -> line.substring(word.length()).strip().split(" ", 2)[0])
                    .filter(text -> !text.isEmpty() && text.chars().allMatch(Character::isDigit))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
