package dev.runnel.engine.llama;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One generation. It is made on the caller's thread, and from {@link #open} on it belongs to the engine thread: first its
 * prompt is evaluated in pieces, then each step gives a token and evaluates it in the next one.
 *
 * <p>Counted as completion tokens are all that were sampled, as llama.cpp's own server counts: the one that ended the text
 * and those of a stop sequence, too.
 */
final class Sequence {

    private static final int NO_LOGITS = -1;

    private final TokenizedPrompt prompt;
    private final Sink sink;
    private final Context context;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private final Utf8Assembler utf8 = new Utf8Assembler();
    private final StopMatcher stops;
    private @Nullable CachedText text;
    private @Nullable Sampler sampler;
    private boolean shared;
    private int planned;
    private int logitsIndex = NO_LOGITS;
    private int sampledTokens;

    /** @param context where the sink is called */
    Sequence(TokenizedPrompt prompt, Sink sink, Context context) {
        this.prompt = prompt;
        this.sink = sink;
        this.context = context;
        this.stops = new StopMatcher(prompt.sampling().stop());
    }

    /** On any thread: whether this is the first time that somebody cancels it. */
    boolean cancel() {
        return cancelled.compareAndSet(false, true);
    }

    TokenizedPrompt prompt() {
        return prompt;
    }

    void open(CachedText cachedText) {
        text = cachedText;
        sampler = new Sampler(prompt.sampling(), prompt.maxTokens());
    }

    CachedText text() {
        return Objects.requireNonNull(text);
    }

    /** Whether its prompt has been evaluated. */
    boolean isGenerating() {
        return sampledTokens > 0;
    }

    /** Whether it has what it could share with others. */
    boolean isShared() {
        return shared;
    }

    void markShared() {
        shared = true;
    }

    /** Whether tokens are left that are neither evaluated nor planned for this step. */
    boolean hasMoreToPlan() {
        return planned < text().pending();
    }

    /** The position of the next token to plan. */
    int nextPosition() {
        return text().evaluated() + planned;
    }

    /** Puts its next token into the batch. */
    void plan(StepBatch batch) {
        int position = nextPosition();
        planned++;
        boolean last = !hasMoreToPlan();
        int index = batch.add(text().token(position), position, text().sequence(), last);
        logitsIndex = last ? index : NO_LOGITS;
    }

    boolean isPlanned() {
        return planned > 0;
    }

    /** Takes note that the step was evaluated. */
    void endStep() {
        text().advance(planned);
        planned = 0;
    }

    /** Whether the step that was evaluated allows to {@link #sample}. */
    boolean hasLogits() {
        return logitsIndex != NO_LOGITS;
    }

    /**
     * Chooses the next token, and tells the sink.
     *
     * @return why the generation has ended by it, or {@code null} if it has not
     */
    @Nullable
    FinishReason sample(LlamaContext llama, Vocabulary vocabulary, SinkBatch deliveries) {
        int token = Objects.requireNonNull(sampler).sample(llama, logitsIndex);
        logitsIndex = NO_LOGITS;
        sampledTokens++;
        FinishReason end = take(token, vocabulary);
        EscapedText piece = end == null ? stops.release() : stops.releaseAll();
        deliveries.add(context, () -> sink.piece(piece, 1));
        return end;
    }

    private @Nullable FinishReason take(int token, Vocabulary vocabulary) {
        boolean modelEnds = vocabulary.endsText(token);
        if (!modelEnds) {
            vocabulary.appendPiece(token, utf8);
        }
        boolean lastOne = modelEnds || sampledTokens == prompt.maxTokens();
        if (lastOne) {
            utf8.end();
        }
        stops.append(utf8.whole());
        if (modelEnds || stops.found()) {
            return FinishReason.STOP;
        }
        if (lastOne) {
            return FinishReason.LENGTH;
        }
        text().append(token);
        return null;
    }

    /** Frees what it has of its own; its text is the cache's. */
    void close() {
        if (sampler != null) {
            sampler.close();
            sampler = null;
        }
    }

    void complete(FinishReason reason, SinkBatch deliveries) {
        Completion completion = new Completion(reason, new Usage(prompt.tokens().length, sampledTokens, false));
        deliveries.add(context, () -> sink.completed(completion));
    }

    void fail(Failure failure, SinkBatch deliveries) {
        deliveries.add(context, () -> sink.failed(failure));
    }
}
