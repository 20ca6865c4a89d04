package dev.runnel.engine.llama;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Loads llama.cpp into the process. JNA binds a library to a Java class once per process, and each version of llama.cpp
 * has one log per process. This is the only static state of the engine.
 */
final class NativeLlama {

    private static final int DO_NOT_OVERWRITE = 0;

    /**
     * {@code RTLD_LAZY} alone; JNA's default adds {@code RTLD_GLOBAL}. Two versions of llama.cpp have functions of the
     * same names, and each must find its own.
     */
    private static final Map<String, Integer> OWN_SYMBOLS = Map.of(Library.OPTION_OPEN_FLAGS, 1);

    private static @Nullable LlamaLibrary bundled;
    private static @Nullable LlamaLibrary current;

    private NativeLlama() {}

    /**
     * The library in the jar, {@link LlamaB4916}, which is loaded unless it was before.
     *
     * @param dataDirectory the library is extracted to its folder {@code native}
     * @return the library; a static field refers to it and its log too, because llama.cpp has only the log's address
     */
    static synchronized LlamaLibrary bundled(Path dataDirectory) throws LlamaUnavailableException {
        LlamaLibrary present = bundled;
        if (present != null) {
            return present;
        }
        Platform platform = Platform.ofThisMachine();
        if (platform.needsCpuFlags()) {
            Platform.checkCpuFlags(cpuInfo());
        }
        Path file = NativeFile.extract(platform, dataDirectory.resolve("native").toAbsolutePath());
        spinBriefly();
        LlamaB4916 llama = bind(LlamaB4916::bind, file);
        LlamaLibrary fresh = new LlamaLibrary(llama, logOf(llama));
        llama.llama_backend_init();
        bundled = fresh;
        return fresh;
    }

    /**
     * The library {@link LlamaV040} in a folder. The first folder counts: a process loads the library once.
     *
     * @return the library; a static field refers to it, as above
     */
    static synchronized LlamaLibrary inFolder(Path folder) throws LlamaUnavailableException {
        LlamaLibrary present = current;
        if (present != null) {
            return present;
        }
        NativeFolder files = NativeFolder.of(folder.toAbsolutePath());
        checkSystem();
        // Else a failed assertion of ggml starts a debugger.
        setUnlessSet("GGML_NO_BACKTRACE", "1");
        LlamaV040 llama = bind(LlamaV040::bind, files.library());
        LlamaLibrary fresh = new LlamaLibrary(llama, logOf(llama));
        llama.loadBackends(files.folder());
        llama.llama_backend_init();
        current = fresh;
        return fresh;
    }

    /** Checks the C library for {@link LlamaV040}. */
    static void checkSystem() throws LlamaUnavailableException {
        if (com.sun.jna.Platform.isLinux()) {
            Platform.checkGlibc(glibc());
        }
    }

    /** Loads a library, and checks that it is of the version of the class that it is bound to. */
    private static <L extends Llama> L bind(Function<NativeLibrary, L> binding, Path file)
            throws LlamaUnavailableException {
        L llama;
        try {
            llama = binding.apply(NativeLibrary.getInstance(file.toString(), OWN_SYMBOLS));
        } catch (LinkageError e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            String hint = reason.contains("gomp") ? "; install it: apt-get install libgomp1" : "";
            throw new LlamaUnavailableException("llama.cpp's library does not load: " + reason + hint, e);
        }
        if (!llama.isOfThisVersion()) {
            throw new LlamaUnavailableException("llama.cpp's library " + file
                    + " is of another version than this program (expected: " + llama.version() + ")");
        }
        return llama;
    }

    private static NativeLog logOf(Llama llama) {
        NativeLog log = new NativeLog();
        llama.llama_log_set(log, null);
        return log;
    }

    private static String cpuInfo() throws LlamaUnavailableException {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            throw new LlamaUnavailableException(
                    "/proc/cpuinfo cannot be read (expected: a CPU with AVX2, which llama.cpp needs)", e);
        }
    }

    /** The version of glibc; empty if the C library is another one. */
    private static String glibc() {
        try {
            return NativeLibrary.getProcess()
                    .getFunction("gnu_get_libc_version")
                    .invokeString(new Object[0], false);
        } catch (UnsatisfiedLinkError e) {
            return "";
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
            setUnlessSet("GOMP_SPINCOUNT", "1000");
        }
    }

    private static void setUnlessSet(String variable, String value) {
        NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] {variable, value, DO_NOT_OVERWRITE});
    }
}
