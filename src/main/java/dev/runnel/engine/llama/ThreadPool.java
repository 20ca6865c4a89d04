package dev.runnel.engine.llama;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Threads of ggml that evaluate steps. Without a pool, ggml starts new threads for each step. Must be closed after the
 * contexts that use it.
 */
final class ThreadPool {

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
    static ThreadPool start(Ggml ggml, int threads) {
        Pointer part = ggml.function("ggml_backend_dev_backend_reg").invokePointer(new Object[] {processor(ggml)});
        try (Memory params = new Memory(PARAMS_BYTES)) {
            params.clear();
            ggml.function("ggml_threadpool_params_init").invokeVoid(new Object[] {params, threads});
            if (params.getInt(POLL_AT) != DEFAULT_POLL) {
                throw new IllegalStateException("ggml_threadpool_params is of another version");
            }
            // Between two steps the threads wait without using their processors.
            params.setInt(POLL_AT, 0);
            Pointer pool = ggml.function(part, "ggml_threadpool_new").invokePointer(new Object[] {params});
            return new ThreadPool(pool, ggml.function(part, "ggml_threadpool_free"));
        }
    }

    /** The device of ggml that is the processor; {@code null} if the part for it is not loaded. */
    static @Nullable Pointer processor(Ggml ggml) {
        return ggml.function("ggml_backend_dev_by_type").invokePointer(new Object[] {Device.PROCESSOR});
    }

    /** For {@link LlamaV040}. */
    Pointer pointer() {
        return pool;
    }

    void close() {
        free.invokeVoid(new Object[] {pool});
    }
}
