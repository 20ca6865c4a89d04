package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.engine.grammar.Grammar;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.TokenIds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's tokens. It never changes after loading, so {@link #tokenize} is called on the tokenizer's thread: a long
 * text must not delay a step. {@code llama.h} allows that ("The API is thread-safe"). It, {@link #text} and
 * {@link #reads} are the only calls off the engine thread that read the model. They hold the lock that {@link #close}
 * acquires before the model is freed, so freed memory is never read. All other methods are for the engine thread.
 */
final class Vocabulary {

    private static final int LONGEST_PIECE = 256;

    /** The index that stands for no token. */
    private static final int NO_TOKEN = -1;

    private final Llama llama;
    private final Pointer vocab;
    private final int[] bos;
    private final int size;
    private final BitSet withoutText = new BitSet();
    private int endOfText = NO_TOKEN;
    private int longestBytes = 1;
    private byte[] piece = new byte[LONGEST_PIECE];
    private boolean closed;

    Vocabulary(Llama llama, Pointer vocab) {
        this.llama = llama;
        this.vocab = vocab;
        this.bos = llama.llama_vocab_get_add_bos(vocab) == 0 ? new int[0] : new int[] {llama.llama_vocab_bos(vocab)};
        this.size = llama.llama_vocab_n_tokens(vocab);
        for (int token = 0; token < size; token++) {
            examine(token);
        }
    }

    private void examine(int token) {
        int length = readPiece(token);
        longestBytes = Math.max(longestBytes, length);
        if (endsText(token)) {
            endOfText = endOfText == NO_TOKEN ? token : endOfText;
        } else if (length == 0 || hasNul(length)) {
            withoutText.set(token);
        }
    }

    private boolean hasNul(int length) {
        for (int i = 0; i < length; i++) {
            if (piece[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The tokens of a text, without special tokens at its start and end.
     *
     * @param special whether names of control tokens in it become control tokens; else they are plain text
     * @throws GenerationException if the model was closed
     */
    synchronized int[] tokenize(String text, boolean special) {
        if (closed) {
            throw closed();
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[utf8.length + 2];
        byte parse = (byte) (special ? 1 : 0);
        int count = llama.llama_tokenize(vocab, utf8, utf8.length, tokens, tokens.length, (byte) 0, parse);
        if (count < 0) {
            tokens = new int[-count];
            count = llama.llama_tokenize(vocab, utf8, utf8.length, tokens, tokens.length, (byte) 0, parse);
        }
        return Arrays.copyOf(tokens, count);
    }

    /**
     * The text of tokens, without the part of a code point at its end. Called on the tokenizer's thread.
     *
     * @return empty if one of them is not a token that adds to a text
     * @throws GenerationException if the model was closed
     */
    synchronized Optional<String> text(TokenIds tokens) {
        if (closed) {
            throw closed();
        }
        Utf8Assembler utf8 = new Utf8Assembler();
        byte[] bytes = new byte[longestBytes];
        for (int i = 0; i < tokens.size(); i++) {
            int token = tokens.at(i);
            if (token < 0 || token >= size || endsText(token)) {
                return Optional.empty();
            }
            utf8.append(bytes, Math.max(0, llama.llama_token_to_piece(vocab, token, bytes, bytes.length, 0, (byte) 0)));
        }
        ByteQueue whole = utf8.whole();
        return Optional.of(whole.remove(whole.length()).toString());
    }

    private static GenerationException closed() {
        return new GenerationException(Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model was closed"));
    }

    /** The library that it belongs to. */
    Llama llama() {
        return llama;
    }

    /** A sampler that penalizes the last {@code window} tokens that were accepted; the caller frees it. */
    Pointer penalties(int window, float frequency, float presence) {
        return llama.penalties(vocab, window, frequency, presence);
    }

    /** The token at the start of every text of this model (BOS); empty for many models. */
    int[] bosTokens() {
        return bos.clone();
    }

    /** The tokens that start and end a text, as a chat template writes them. */
    ChatTemplate.Marks marks() {
        return new ChatTemplate.Marks(name(llama.llama_vocab_bos(vocab)), name(llama.llama_vocab_eos(vocab)));
    }

    /** The name of a control token; empty without one. */
    private String name(int token) {
        if (token == NO_TOKEN) {
            return "";
        }
        byte[] bytes = new byte[longestBytes + LONGEST_PIECE];
        int length = llama.llama_token_to_piece(vocab, token, bytes, bytes.length, 0, (byte) 1);
        return new String(bytes, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }

    /** Whether a text that is the name of a token has that token also if control tokens do not count. */
    boolean findsInPlainText(String name) {
        int[] tokens = tokenize(name, false);
        return tokens.length > 0 && name(tokens[tokens.length - 1]).equals(name);
    }

    /** Whether the model ends its text by this token. */
    boolean endsText(int token) {
        return llama.llama_vocab_is_eog(vocab, token) != 0;
    }

    /**
     * Appends a token's bytes to {@code target}. They may start or end inside of a code point; control tokens have
     * none.
     */
    void appendPiece(int token, Utf8Assembler target) {
        target.append(piece, readPiece(token));
    }

    /** Reads a token's bytes into {@code piece}, and returns their number. */
    private int readPiece(int token) {
        int length = llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
        if (length < 0) {
            piece = new byte[-length];
            length = llama.llama_token_to_piece(vocab, token, piece, piece.length, 0, (byte) 0);
        }
        return Math.max(length, 0);
    }

    /**
     * The bytes of the longest token. A text of more than n times as many bytes has more than n tokens. 0 for a
     * vocabulary that drops or changes characters before it splits a text, so that nothing follows from its bytes.
     */
    int longestTokenBytes() {
        int type = llama.llama_vocab_type(vocab);
        if (type != Llama.LLAMA_VOCAB_TYPE_SPM && type != Llama.LLAMA_VOCAB_TYPE_BPE) {
            return 0;
        }
        return longestBytes;
    }

    /** The number of tokens. */
    int size() {
        return size;
    }

    /**
     * Control tokens, which add nothing to a text, and tokens with a NUL. llama.cpp's grammars read the name of a
     * control token as text, and nothing after a NUL.
     */
    BitSet withoutText() {
        return withoutText;
    }

    /** Whether the model can end a text by a token. */
    boolean hasEndOfText() {
        return endOfText != NO_TOKEN;
    }

    /** A token that ends a text, if there is one. */
    int endOfText() {
        return endOfText;
    }

    /** The state of a text after one more token, which adds nothing if it ends the text; empty if it is not UTF-8. */
    Optional<Utf8State> after(Utf8State text, int token) {
        return text.after(piece, endsText(token) ? 0 : readPiece(token));
    }

    /**
     * A sampler that rejects the tokens that do not follow a grammar; the caller frees it. If llama.cpp does not read
     * the grammar, it rejects none, and may be {@code null}.
     */
    @Nullable
    Pointer grammar(Grammar grammar) {
        return llama.llama_sampler_init_grammar(vocab, nulTerminated(grammar.gbnf()), nulTerminated("root"));
    }

    private static byte[] nulTerminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether llama.cpp reads a grammar. It reports a failure to the standard error stream only, and then admits every
     * token. Called on the tokenizer's thread.
     *
     * @throws GenerationException if the model was closed
     */
    synchronized boolean reads(Grammar grammar) {
        if (closed) {
            throw closed();
        }
        Pointer sampler = grammar(grammar);
        TokenProbe probe = new TokenProbe(llama);
        try {
            // No grammar of ours has an empty text.
            return !probe.admits(sampler, endOfText);
        } finally {
            probe.close();
            llama.llama_sampler_free(sampler);
        }
    }

    /** Waits for a running {@link #tokenize}, then refuses all further calls. */
    synchronized void close() {
        closed = true;
    }
}
