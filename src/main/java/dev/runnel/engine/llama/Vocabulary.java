package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A model's tokens. It never changes after loading, so {@link #tokenize} is called on the tokenizer's thread: a long
 * text must not delay a step. {@code llama.h} allows that ("The API is thread-safe"); it is the only call off the
 * engine thread that reads the model. It holds the lock that {@link #close} acquires before the model is freed, so
 * freed memory is never read. All other methods are for the engine thread.
 */
final class Vocabulary {

    private static final int LONGEST_PIECE = 256;

    private final Pointer vocab;
    private final int[] beginning;
    private byte[] piece = new byte[LONGEST_PIECE];
    private boolean closed;

    Vocabulary(Pointer vocab) {
        this.vocab = vocab;
        this.beginning =
                Llama.llama_vocab_get_add_bos(vocab) == 0 ? new int[0] : new int[] {Llama.llama_vocab_bos(vocab)};
    }

    /**
     * The tokens of a text, without special tokens at its start and end.
     *
     * @param special whether names of control tokens in it become control tokens; else they are plain text
     * @throws GenerationException if the model was closed
     */
    synchronized int[] tokenize(String text, boolean special) {
        if (closed) {
            throw new GenerationException(Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model was closed"));
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[utf8.length + 2];
        byte parse = (byte) (special ? 1 : 0);
        int count = Llama.llama_tokenize(vocab, utf8, utf8.length, tokens, tokens.length, (byte) 0, parse);
        if (count < 0) {
            tokens = new int[-count];
            count = Llama.llama_tokenize(vocab, utf8, utf8.length, tokens, tokens.length, (byte) 0, parse);
        }
        return Arrays.copyOf(tokens, count);
    }

    /** The token at the start of every text of this model; empty for many models. */
    int[] beginning() {
        return beginning.clone();
    }

    /** Whether the model ends its text by this token. */
    boolean endsText(int token) {
        return Llama.llama_vocab_is_eog(vocab, token) != 0;
    }

    /**
     * Appends a token's bytes to {@code target}. They may start or end inside of a code point; control tokens have
     * none.
     */
    void appendPiece(int token, Utf8Assembler target) {
        int length = Llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
        if (length < 0) {
            piece = new byte[-length];
            length = Llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
        }
        target.append(piece, Math.max(length, 0));
    }

    /**
     * The bytes of the longest token. A text of more than n times as many bytes has more than n tokens. 0 for a
     * vocabulary that drops or changes characters before it splits a text, so that nothing follows from its bytes.
     */
    int longestTokenBytes() {
        int type = Llama.llama_vocab_type(vocab);
        if (type != Llama.LLAMA_VOCAB_TYPE_SPM && type != Llama.LLAMA_VOCAB_TYPE_BPE) {
            return 0;
        }
        int longest = 1;
        int count = Llama.llama_vocab_n_tokens(vocab);
        for (int token = 0; token < count; token++) {
            // A negative length is that of a piece which the buffer does not hold.
            int length = Llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
            longest = Math.max(longest, Math.abs(length));
        }
        return longest;
    }

    /** Waits for a running {@link #tokenize}, then refuses all further calls. */
    synchronized void close() {
        closed = true;
    }
}
