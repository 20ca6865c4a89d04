package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import org.jspecify.annotations.Nullable;

/** The structures of {@code llama.h} that are the same in every version here. */
@SuppressWarnings("MemberName") // Names are those of llama.h, so that its documentation applies.
final class CommonParams {

    private CommonParams() {}

    /** {@code struct llama_batch}. */
    @Structure.FieldOrder({"n_tokens", "token", "embd", "pos", "n_seq_id", "seq_id", "logits"})
    public static final class Batch extends Structure implements Structure.ByValue {
        public int n_tokens;
        public @Nullable Pointer token;
        public @Nullable Pointer embd;
        public @Nullable Pointer pos;
        public @Nullable Pointer n_seq_id;
        public @Nullable Pointer seq_id;
        public @Nullable Pointer logits;
    }

    /** {@code struct llama_sampler_chain_params}. */
    @Structure.FieldOrder("no_perf")
    public static final class SamplerChain extends Structure implements Structure.ByValue {
        public byte no_perf;
    }
}
