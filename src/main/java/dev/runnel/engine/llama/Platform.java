package dev.runnel.engine.llama;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine: the operating system and processor that llama.cpp's native library depends on.
 *
 * @param folder the folder of its library in the jar of llama.cpp, such as {@code Linux/x86_64}
 * @param library the name of the library's file there; empty if the jar has none for it
 */
record Platform(String folder, String library) {

    /** The library for x86 was built with these flags; without them an illegal instruction ends the process. */
    private static final List<String> NEEDED_X86_FLAGS = List.of("avx2", "f16c", "fma");

    private static final int NEEDED_GLIBC_MAJOR = 2;
    private static final int NEEDED_GLIBC_MINOR = 34;
    private static final Pattern GLIBC = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})");

    /**
     * @param osName the system property {@code os.name}
     * @param osArch the system property {@code os.arch}
     */
    static Platform of(String osName, String osArch) throws LlamaUnavailableException {
        String arch = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> "";
        };
        if (!arch.isEmpty() && osName.startsWith("Linux")) {
            return new Platform("Linux/" + arch, "libjllama.so");
        }
        if (!arch.isEmpty() && osName.startsWith("Mac")) {
            return new Platform("Mac/" + arch, "libjllama.dylib");
        }
        if (!arch.isEmpty() && osName.startsWith("Windows")) {
            return new Platform("Windows/" + arch, "");
        }
        throw new LlamaUnavailableException("llama.cpp is not available for " + osName + " on " + osArch
                + " (expected: Linux, macOS or Windows on x86-64 or aarch64); use a model with engine: openai");
    }

    static Platform ofThisMachine() throws LlamaUnavailableException {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    boolean isLinux() {
        return folder.startsWith("Linux/");
    }

    /** Whether the jar has a library for it. */
    boolean hasBundled() {
        return !library.isEmpty();
    }

    /** Whether {@link #checkCpuFlags} must be called before the library is loaded. */
    boolean needsCpuFlags() {
        return folder.equals("Linux/x86_64");
    }

    /**
     * Checks the C library for llama.cpp v0.4.0.
     *
     * @param version the version of glibc, such as {@code 2.36}; empty for another C library
     */
    static void checkGlibc(String version) throws LlamaUnavailableException {
        Matcher matcher = GLIBC.matcher(version);
        if (!matcher.lookingAt()
                || Integer.parseInt(matcher.group(1)) != NEEDED_GLIBC_MAJOR
                || Integer.parseInt(matcher.group(2)) < NEEDED_GLIBC_MINOR) {
            throw new LlamaUnavailableException("llama.cpp v0.4.0 needs glibc " + NEEDED_GLIBC_MAJOR + "."
                    + NEEDED_GLIBC_MINOR + " or later, and this system has "
                    + (version.isEmpty() ? "another C library" : "glibc " + version)
                    + "; set llama.natives: bundled, or use a newer system");
        }
    }

    /** @param cpuInfo the text of {@code /proc/cpuinfo} */
    static void checkCpuFlags(String cpuInfo) throws LlamaUnavailableException {
        Set<String> missing = new HashSet<>(NEEDED_X86_FLAGS);
        cpuInfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .ifPresent(line -> Arrays.asList(line.split("\\s+")).forEach(missing::remove));
        if (!missing.isEmpty()) {
            throw new LlamaUnavailableException("llama.cpp needs a CPU with AVX2, FMA and F16C, and this one lacks "
                    + String.join(", ", missing.stream().sorted().toList()) + "; use a model with engine: openai");
        }
    }
}
