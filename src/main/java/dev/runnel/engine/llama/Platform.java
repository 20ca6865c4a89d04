package dev.runnel.engine.llama;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A machine: the operating system and processor that llama.cpp's native library depends on.
 *
 * @param folder the folder of its library in the jar of llama.cpp, such as {@code Linux/x86_64}
 * @param library the name of the library's file there
 */
record Platform(String folder, String library) {

    /** The library for x86 was built with these flags; without them an illegal instruction ends the process. */
    private static final List<String> NEEDED_X86_FLAGS = List.of("avx2", "f16c", "fma");

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
        throw new LlamaUnavailableException("llama.cpp is not available for " + osName + " on " + osArch
                + " (expected: Linux or macOS on x86-64 or aarch64); use a model with engine: openai");
    }

    /** Whether {@link #checkCpuFlags} must be called before the library is loaded. */
    boolean needsCpuFlags() {
        return folder.equals("Linux/x86_64");
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
