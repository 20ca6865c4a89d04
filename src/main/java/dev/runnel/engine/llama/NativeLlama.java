package dev.runnel.engine.llama;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Brings llama.cpp into the process. A library is bound to a Java class once for the whole process, and llama.cpp has one
 * log for all: that is the only static state of this engine.
 */
final class NativeLlama {

    private static final int KEEP_WHAT_IS_SET = 0;

    private static @Nullable NativeLog log;

    private NativeLlama() {}

    /**
     * Loads llama.cpp unless it is there already, and proves that it is the one whose structures {@link Llama} describes.
     *
     * @param dataDirectory the library is put below it, in {@code native}
     * @return what llama.cpp logs; held here as well, since llama.cpp holds it by its address only
     */
    static synchronized NativeLog load(Path dataDirectory) throws LlamaUnavailableException {
        NativeLog present = log;
        if (present != null) {
            return present;
        }
        Platform platform = Platform.of(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (platform.needsCpuFlags()) {
            Platform.checkCpuFlags(cpuInfo());
        }
        Path folder = dataDirectory.resolve("native").toAbsolutePath();
        Path file = NativeFile.extract(platform, folder);
        if (System.getProperty("jna.tmpdir") == null) {
            // JNA unpacks a library of its own; where /tmp allows no programs the data directory still does.
            System.setProperty("jna.tmpdir", folder.toString());
        }
        NativeLog fresh = bind(file);
        proveLayouts();
        Llama.llama_log_set(fresh, null);
        Llama.llama_backend_init();
        log = fresh;
        return fresh;
    }

    private static String cpuInfo() throws LlamaUnavailableException {
        try {
            return Files.readString(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            throw new LlamaUnavailableException(
                    "llama.cpp needs a CPU with AVX2, and /proc/cpuinfo, which would tell, cannot be read", e);
        }
    }

    private static NativeLog bind(Path file) throws LlamaUnavailableException {
        try {
            spinBriefly();
            Llama.bindTo(NativeLibrary.getInstance(file.toString()));
            return new NativeLog();
        } catch (LinkageError e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            String hint = reason.contains("gomp") ? "; install it: apt-get install libgomp1" : "";
            throw new LlamaUnavailableException("llama.cpp's library does not load: " + reason + hint, e);
        }
    }

    /**
     * The threads of libgomp wait for each other about a thousand times in a step, and spin for milliseconds by default.
     * Where something else wants the processors, they keep each other off them: measured on two cores with twelve busy
     * processes, 0.5 tokens/s, against 20 with a thousand turns, and no difference on a quiet machine. Read from the
     * environment when libgomp is loaded, so it must stand there before.
     */
    private static void spinBriefly() {
        if (com.sun.jna.Platform.isLinux() && System.getenv("OMP_WAIT_POLICY") == null) {
            Function setenv = NativeLibrary.getProcess().getFunction("setenv");
            setenv.invokeInt(new Object[] {"GOMP_SPINCOUNT", "1000", KEEP_WHAT_IS_SET});
        }
    }

    private static void proveLayouts() throws LlamaUnavailableException {
        Llama.LlamaContextParams context = Llama.llama_context_default_params();
        boolean contextFits = context.n_ctx == 512
                && context.n_batch == 2048
                && context.n_ubatch == 512
                && context.n_seq_max == 1
                && context.attention_type == -1
                && context.defrag_thold == -1f
                && context.type_k == 1
                && context.offload_kqv == 1
                && context.no_perf == 1;
        Llama.LlamaModelParams model = Llama.llama_model_default_params();
        boolean modelFits = model.use_mmap == 1 && model.use_mlock == 0 && model.vocab_only == 0;
        if (!contextFits || !modelFits) {
            throw new LlamaUnavailableException(
                    "llama.cpp's library is of another version than this program; use the jar it was built with");
        }
    }
}
