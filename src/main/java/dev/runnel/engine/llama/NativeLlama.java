package dev.runnel.engine.llama;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loads llama.cpp into the process. JNA binds a library to a Java class once per process, and llama.cpp has one log per
 * process. This is the only static state of the engine.
 */
final class NativeLlama {

    private static final int DO_NOT_OVERWRITE = 0;

    private static @Nullable LlamaLibrary bundled;

    private NativeLlama() {}

    /**
     * Loads llama.cpp unless it is loaded, and checks that it is of the version that {@link LlamaB4916} describes.
     *
     * @param dataDirectory the library is extracted to its folder {@code native}
     * @return the library; a static field refers to it and its log too, because llama.cpp has only the log's address
     */
    static synchronized LlamaLibrary load(Path dataDirectory) throws LlamaUnavailableException {
        LlamaLibrary present = bundled;
        if (present != null) {
            return present;
        }
        Platform platform = Platform.of(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (platform.needsCpuFlags()) {
            Platform.checkCpuFlags(cpuInfo());
        }
        Path folder = dataDirectory.resolve("native").toAbsolutePath();
        LlamaLibrary fresh = open(bind(NativeFile.extract(platform, folder)));
        bundled = fresh;
        return fresh;
    }

    private static LlamaLibrary open(Llama llama) throws LlamaUnavailableException {
        if (!llama.isOfThisVersion()) {
            throw new LlamaUnavailableException(
                    "llama.cpp's library is of another version than this program; use the jar of the build");
        }
        NativeLog log = new NativeLog();
        llama.llama_log_set(log, null);
        llama.llama_backend_init();
        return new LlamaLibrary(llama, log);
    }

    private static String cpuInfo() throws LlamaUnavailableException {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            throw new LlamaUnavailableException(
                    "/proc/cpuinfo cannot be read (expected: a CPU with AVX2, which llama.cpp needs)", e);
        }
    }

    private static Llama bind(Path file) throws LlamaUnavailableException {
        try {
            spinBriefly();
            return LlamaB4916.bind(NativeLibrary.getInstance(file.toString()));
        } catch (LinkageError e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            String hint = reason.contains("gomp") ? "; install it: apt-get install libgomp1" : "";
            throw new LlamaUnavailableException("llama.cpp's library does not load: " + reason + hint, e);
        }
    }

    /**
     * Sets a short spin time. The threads of libgomp wait for each other about 1,000 times per step, and spin for
     * milliseconds by default. If other programs need the processors, the spinning threads block each other. Measured
     * on 2 cores with 12 busy processes: 0.5 tokens/s by default, 20 tokens/s with 1,000 turns; no difference on an
     * idle machine. libgomp reads the variable when it is loaded, so it must be set before.
     */
    private static void spinBriefly() {
        if (com.sun.jna.Platform.isLinux() && System.getenv("OMP_WAIT_POLICY") == null) {
            Function setenv = NativeLibrary.getProcess().getFunction("setenv");
            setenv.invokeInt(new Object[] {"GOMP_SPINCOUNT", "1000", DO_NOT_OVERWRITE});
        }
    }
}
