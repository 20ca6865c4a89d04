package dev.runnel.engine.llama;

import java.util.List;

/** Says for the operator why the system's linker did not load a library. */
final class LinkerFault {

    private static final String MISSING = ": cannot open shared object file";
    private static final String NEWER = "; use a newer system, or another value of llama.natives";
    private static final List<String> OTHER_MACHINE =
            List.of("invalid ELF header", "wrong ELF class", "file too short", "incompatible architecture", "mach-o");
    private static final List<String> OTHER_C_LIBRARY =
            List.of("Error relocating", "Error loading shared library", "ld-linux", "ld-musl");

    private LinkerFault() {}

    /**
     * The reason in one line.
     *
     * @param message the words of the linker of Linux, macOS or Windows, after those of JNA; one or more lines
     */
    static String inWords(String message) {
        String glibc = version(message, "`GLIBC_");
        String cxx = version(message, "`GLIBCXX_");
        if (!glibc.isEmpty()) {
            return "it needs glibc " + glibc + " or later, which this system does not have" + NEWER;
        }
        if (!cxx.isEmpty()) {
            return "it needs a libstdc++ with GLIBCXX_" + cxx + ", which this system does not have" + NEWER;
        }
        if (OTHER_C_LIBRARY.stream().anyMatch(message::contains)) {
            return "it needs glibc, and this system has another C library" + NEWER;
        }
        if (OTHER_MACHINE.stream().anyMatch(message::contains)) {
            return "it is not a library for this kind of machine";
        }
        if (message.contains("Error looking up function")) {
            return "it lacks a function of the version that this program needs";
        }
        return missing(message);
    }

    private static String missing(String message) {
        int end = message.indexOf(MISSING);
        if (end < 0) {
            return lastLine(message);
        }
        String before = message.substring(0, end);
        String name = before.substring(Math.max(before.lastIndexOf('\n'), before.lastIndexOf(' ')) + 1);
        String hint = name.startsWith("libgomp") ? "; install it: apt-get install libgomp1" : "";
        return "it needs " + name + ", which this system does not have" + hint;
    }

    /** The version that a library lacks: {@code version `GLIBC_2.38' not found}. */
    private static String version(String message, String mark) {
        int start = message.indexOf(mark) + mark.length();
        int end = message.indexOf("' not found", start);
        return start < mark.length() || end < 0 ? "" : message.substring(start, end);
    }

    private static String lastLine(String message) {
        return message.lines()
                .filter(line -> !line.isBlank())
                .reduce("", (first, last) -> last)
                .strip();
    }
}
