package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A model's tokens. It never changes after loading, so {@link #tokenize} is the one native call that is made off the engine
 * thread, as {@code llama.h} allows ("The API is thread-safe"): a long text must not delay a step. It holds a lock that
 * {@link #close} takes before the model goes, so that nothing is read after it was freed. All else is for the engine thread.
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
     * The tokens of a text, without any that begin or end it.
     *
     * @param special whether the names of control tokens in it are read as such; else they are plain text
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

    /** The token that begins every text of this model; none for many models. */
    int[] beginning() {
        return beginning.clone();
    }

    /** Whether the model says by this token that it has ended. */
    boolean endsText(int token) {
        return Llama.llama_vocab_is_eog(vocab, token) != 0;
    }

    /** Appends a token's bytes to {@code target}; control tokens have none. They may begin or end inside a code point. */
    void appendPiece(int token, Utf8Assembler target) {
        int length = Llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
        if (length < 0) {
            piece = new byte[-length];
            length = Llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
        }
        target.append(piece, Math.max(length, 0));
    }

    /** Waits for a tokenizing that is under way, then refuses all others. */
    synchronized void close() {
        closed = true;
    }
}
