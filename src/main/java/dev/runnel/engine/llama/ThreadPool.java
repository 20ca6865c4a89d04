package dev.runnel.engine.llama;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Threads of ggml that evaluate steps. Without a pool, ggml starts new threads for each step. Must be closed after the
 * contexts that use it.
 */
final class ThreadPool {

    /** {@code GGML_BACKEND_DEVICE_TYPE_CPU}. */
    private static final int CPU = 0;

    /** More than {@code struct ggml_threadpool_params} has. */
    private static final int PARAMS_BYTES = 1024;

    /** The place of {@code poll}, after a mask of 512 processors, the number of threads and their priority. */
    private static final int POLL_AT = 520;

    /** ggml's default, which proves the place. */
    private static final int DEFAULT_POLL = 50;

    private final Pointer pool;
    private final Function free;

    private ThreadPool(Pointer pool, Function free) {
        this.pool = pool;
        this.free = free;
    }

    /** Starts a pool; the thread that evaluates a step is one of its threads. */
    static ThreadPool start(NativeLibrary library, int threads) {
        Pointer registry =
                library.getFunction("ggml_backend_dev_backend_reg").invokePointer(new Object[] {processor(library)});
        try (Memory params = new Memory(PARAMS_BYTES)) {
            params.clear();
            library.getFunction("ggml_threadpool_params_init").invokeVoid(new Object[] {params, threads});
            if (params.getInt(POLL_AT) != DEFAULT_POLL) {
                throw new IllegalStateException("ggml_threadpool_params is of another version");
            }
            // Between two steps the threads wait without using their processors.
            params.setInt(POLL_AT, 0);
            Pointer pool = function(library, registry, "ggml_threadpool_new").invokePointer(new Object[] {params});
            return new ThreadPool(pool, function(library, registry, "ggml_threadpool_free"));
        }
    }

    /** The device of ggml that is the processor; {@code null} if the part for it is not loaded. */
    static @Nullable Pointer processor(NativeLibrary library) {
        return library.getFunction("ggml_backend_dev_by_type").invokePointer(new Object[] {CPU});
    }

    /** A function of the part of ggml for this processor. */
    private static Function function(NativeLibrary library, Pointer registry, String name) {
        byte[] nulTerminated = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        return Function.getFunction(library.getFunction("ggml_backend_reg_get_proc_address")
                .invokePointer(new Object[] {registry, nulTerminated}));
    }

    /** For {@link LlamaV040}. */
    Pointer pointer() {
        return pool;
    }

    void close() {
        free.invokeVoid(new Object[] {pool});
    }
}
