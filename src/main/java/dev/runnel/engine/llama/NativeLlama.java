package dev.runnel.engine.llama;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dev.runnel.config.LlamaConfig.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads llama.cpp into the process. JNA binds a library to a Java class once per process, and each version of llama.cpp
 * has one log per process. This is the only static state of the engine.
 */
final class NativeLlama {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLlama.class);
    private static final int DO_NOT_OVERWRITE = 0;

    /**
     * {@code RTLD_LAZY} alone; JNA's default adds {@code RTLD_GLOBAL}. Two versions of llama.cpp have functions of the
     * same names, and each must find its own. On Windows each library has its own, and the number has another meaning.
     */
    private static final Map<String, Integer> OWN_SYMBOLS = Map.of(Library.OPTION_OPEN_FLAGS, 1);

    private static @Nullable LlamaLibrary bundled;
    private static @Nullable Current current;

    /** The library of a folder. */
    record Current(Path folder, LlamaV040 llama, NativeLog log) {}

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
        LOG.info(
                "llama.cpp {} in the jar runs on the processor; GPUs and later architectures need {}: see"
                        + " llama.natives",
                llama.version(),
                LlamaV040.VERSION);
        bundled = fresh;
        return fresh;
    }

    /**
     * The library {@link LlamaV040} in a folder. The first folder counts: a process loads the library once.
     *
     * @param natives chooses the devices
     * @return the library; a static field refers to it, as above
     */
    static synchronized LlamaLibrary inFolder(Path folder, Choice natives) throws LlamaUnavailableException {
        Current present = current;
        if (present == null) {
            present = load(NativeFolder.of(folder.toAbsolutePath(), natives));
            current = present;
        }
        DeviceChoice choice = DeviceChoice.of(natives, present.llama().devices());
        LOG.info("llama.cpp {} in {} runs on {}", LlamaV040.VERSION, present.folder(), choice.inWords());
        return new LlamaLibrary(present.llama().on(choice.gpus()), present.log());
    }

    /** Loads the library of a folder into the process. */
    static Current load(NativeFolder files) throws LlamaUnavailableException {
        boolean isWindows = com.sun.jna.Platform.isWindows();
        if (!isWindows) {
            // Else a failed assertion of ggml starts a debugger.
            setUnlessSet("GGML_NO_BACKTRACE", "1");
        }
        List<Path> base = isWindows ? files.base() : List.of();
        LlamaV040 llama = bind(library -> LlamaV040.bind(library, ggml(library, base)), files.library());
        NativeLog log = logOf(llama);
        llama.loadBackends(files.folder());
        llama.llama_backend_init();
        return new Current(files.folder(), llama, log);
    }

    private static Ggml ggml(NativeLibrary library, List<Path> base) {
        List<NativeLibrary> libraries = new ArrayList<>(List.of(library));
        base.forEach(file -> libraries.add(NativeLibrary.getInstance(file.toString(), openOptions())));
        return new Ggml(libraries);
    }

    /** Checks the C library for the npm packages of {@link LlamaV040}. */
    static void checkSystem(Platform platform) throws LlamaUnavailableException {
        if (platform.isLinux()) {
            Platform.checkGlibc(glibc());
        }
    }

    /** Loads a library, and checks that it is of the version of the class that it is bound to. */
    private static <L extends Llama> L bind(Function<NativeLibrary, L> binding, Path file)
            throws LlamaUnavailableException {
        L llama;
        try {
            llama = binding.apply(NativeLibrary.getInstance(file.toString(), openOptions()));
        } catch (LinkageError e) {
            throw new LlamaUnavailableException(
                    "llama.cpp's library " + file + " does not load: "
                            + LinkerFault.inWords(String.valueOf(e.getMessage())),
                    e);
        }
        if (!llama.isOfThisVersion()) {
            throw new LlamaUnavailableException("llama.cpp's library " + file
                    + " is of another version than this program (expected: " + llama.version() + ")");
        }
        return llama;
    }

    private static Map<String, Integer> openOptions() {
        return com.sun.jna.Platform.isWindows() ? Map.of() : OWN_SYMBOLS;
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
