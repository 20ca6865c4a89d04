package dev.runnel.engine.llama;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Usage;
import io.vertx.core.Context;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One generation. It is created on the caller's thread; from {@link #open} on only the engine thread uses it. First its
 * prompt is evaluated in pieces. Then each step samples a token, which the next step evaluates.
 *
 * <p>All sampled tokens count as completion tokens, as in llama.cpp's own server: also the token that ended the text
 * and those of a stop sequence.
 */
final class Sequence {

    private static final int NO_LOGITS = -1;

    private final TokenizedPrompt prompt;
    private final Sink sink;
    private final Context context;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private final Utf8Assembler utf8 = new Utf8Assembler();
    private final StopMatcher stops;
    private final @Nullable AnswerSplitter thoughts;
    private @Nullable CachedText text;
    private @Nullable Sampler sampler;
    private boolean shared;
    private int planned;
    private int logitsIndex = NO_LOGITS;
    private int sampledTokens;
    private boolean generating;
    private final OpenTokens openTokens;
    private final SentText sent;

    /** @param context the context on which the sink is called */
    Sequence(TokenizedPrompt prompt, Sink sink, Context context) {
        this.prompt = prompt;
        this.sink = sink;
        this.context = context;
        this.stops = new StopMatcher(prompt.sampling().stop());
        ThoughtForm form = prompt.thought();
        this.thoughts = form == null ? null : form.splitter();
        this.sampledTokens = prompt.tokensSoFar().count();
        this.openTokens = new OpenTokens(sink.wantsTokenIds());
        this.sent = new SentText(prompt.tokensSoFar().more());
    }

    /** Called on any thread: whether this is the first cancel. */
    boolean cancel() {
        return cancelled.compareAndSet(false, true);
    }

    TokenizedPrompt prompt() {
        return prompt;
    }

    /** @param grammar of the text, or {@code null}; closed with the sequence */
    void open(CachedText cachedText, Vocabulary vocabulary, @Nullable GrammarSampler grammar) {
        text = cachedText;
        Sampler opened = new Sampler(vocabulary, prompt.sampling(), prompt.maxTokens(), grammar);
        sampler = opened;
        TokenIds before = prompt.tokensSoFar().ids();
        for (int i = 0; i < before.size(); i++) {
            if (!opened.accept(before.at(i))) {
                throw new IllegalStateException("the format of the text does not admit its own start");
            }
            if (i >= prompt.tokensSoFar().known()) {
                openTokens.add(before.at(i));
            }
        }
    }

    CachedText text() {
        return Objects.requireNonNull(text);
    }

    /** Whether its prompt has been evaluated. */
    boolean isGenerating() {
        return generating;
    }

    /** Whether it got the tokens that it can share with other texts. */
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

    /** Called after the step was evaluated. */
    void endStep() {
        text().advance(planned);
        planned = 0;
    }

    /** Whether the evaluated step has logits for {@link #sample}. */
    boolean hasLogits() {
        return logitsIndex != NO_LOGITS;
    }

    /**
     * Chooses the next token, and sends its text to the sink.
     *
     * @return the reason if this token ends the generation, else {@code null}
     */
    @Nullable
    FinishReason sample(LlamaContext llama, Vocabulary vocabulary, SinkBatch calls) {
        Sampler chosenBy = Objects.requireNonNull(sampler);
        int token = chosenBy.sample(llama, logitsIndex);
        logitsIndex = NO_LOGITS;
        generating = true;
        sampledTokens++;
        FinishReason end = token == Candidates.NONE ? cutShort() : append(token, vocabulary, chosenBy);
        int generated = sampledTokens > prompt.tokensSoFar().sent() ? 1 : 0;
        int tokens = thoughts == null ? generated : sendThought(thoughts, generated, calls);
        EscapedText piece = sent.cut(end == null ? stops.release() : stops.releaseAll());
        if (openTokens.areWanted()) {
            TokenIds complete = openTokens.complete(end == null && !holdsText());
            calls.add(context, () -> sink.piece(piece, tokens, complete));
        } else if (tokens > 0 || !piece.isEmpty()) {
            calls.add(context, () -> sink.piece(piece, tokens));
        }
        return end;
    }

    /** Whether tokens were sampled whose text was not released. */
    private boolean holdsText() {
        return stops.holds() || utf8.isOpen() || (thoughts != null && thoughts.holds());
    }

    /** Sends what the tokens add to the thought; returns how many of them are left for the text. */
    private int sendThought(AnswerSplitter splitter, int tokens, SinkBatch calls) {
        if (splitter.hasThought()) {
            openTokens.forget();
        }
        EscapedText thought = splitter.releaseThought();
        if (thought.isEmpty()) {
            return tokens;
        }
        calls.add(context, () -> sink.part(PartKind.REASONING_CONTENT, thought.json(), tokens));
        return 0;
    }

    /** Passes the bytes of whole code points on, without the thought. */
    private void pass(boolean isMark, boolean isLast) {
        if (thoughts == null) {
            stops.append(utf8.whole());
            return;
        }
        thoughts.append(utf8.whole(), isMark);
        if (isLast) {
            thoughts.end();
        }
        stops.append(thoughts.text());
    }

    /** Whether it generated another text than the one that was sent before it went on here. */
    boolean contradicts() {
        return sent.isContradicted();
    }

    /** No token continues the format: as at the end of {@code maxTokens}, the text is incomplete. */
    private FinishReason cutShort() {
        utf8.end();
        pass(false, true);
        return FinishReason.LENGTH;
    }

    private @Nullable FinishReason append(int token, Vocabulary vocabulary, Sampler chosenBy) {
        String mark = markOf(token);
        // To llama.cpp, a mark within an answer may be one that ends a text.
        boolean modelEnds = mark.isEmpty() && vocabulary.endsText(token);
        if (!modelEnds) {
            appendPiece(token, mark, vocabulary);
            openTokens.add(token);
        }
        boolean formatEnds = !modelEnds && chosenBy.isEnded();
        boolean last = modelEnds || formatEnds || sampledTokens == prompt.maxTokens();
        if (last) {
            utf8.end();
        }
        pass(!mark.isEmpty(), last);
        if (modelEnds || formatEnds || stops.found() || (thoughts != null && thoughts.isEnded())) {
            return FinishReason.STOP;
        }
        if (last) {
            return chosenBy.isComplete() ? FinishReason.STOP : FinishReason.LENGTH;
        }
        text().append(token);
        return null;
    }

    private String markOf(int token) {
        ThoughtForm form = prompt.thought();
        return form == null ? "" : form.markOf(token);
    }

    /** A mark may be a control token, which has no bytes. */
    private void appendPiece(int token, String mark, Vocabulary vocabulary) {
        if (mark.isEmpty()) {
            vocabulary.appendPiece(token, utf8);
        } else {
            byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
            utf8.append(bytes, bytes.length);
        }
    }

    /** Frees the sampler. The {@link TextCache} frees the text. */
    void close() {
        if (sampler != null) {
            sampler.close();
            sampler = null;
        }
    }

    void complete(FinishReason reason, SinkBatch calls) {
        Completion completion = new Completion(reason, new Usage(prompt.tokens().length, sampledTokens, false));
        calls.add(context, () -> sink.completed(completion));
    }

    void fail(Failure failure, SinkBatch calls) {
        calls.add(context, () -> sink.failed(failure));
    }
}
