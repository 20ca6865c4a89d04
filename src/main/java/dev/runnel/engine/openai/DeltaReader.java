package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one stream. It gathers their text, escaped as the upstream wrote it, and what is not text in its
 * place. It keeps what belongs to the end: finish reason, usage, error.
 *
 * <p>The events of a stream differ only in their text. So the bytes before and after the text of a parsed event are
 * kept. If the next event has the same bytes there, what is between them is its text, and no parser is needed. Any
 * other event is parsed. For one thread.
 */
final class DeltaReader implements SseReader.Events {

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = new byte[0];
    private static final int LONGEST_FRAME = 2048;
    private static final char REPLACEMENT = '\ufffd';

    private final ParseBuffers buffers;

    private byte[] head = NONE;
    private byte[] tail = NONE;
    /** The first half of a surrogate pair, whose second half arrives with the next event. */
    private byte[] half = NONE;

    private int events;
    private int tokens;
    /** Deltas without text, with reasoning or calls of tools. */
    private int thoughts;
    /** What is not text of the present read. Most streams have none. */
    private final List<PartAfterText> parts = new ArrayList<>(0);
    /** The first half of a surrogate pair of the reasoning. */
    private byte[] halfThought = NONE;
    /** Whether a delta had reasoning or calls of tools. */
    private boolean streamedParts;

    private boolean calls;
    private final CallIndexes callIndexes = new CallIndexes();

    private boolean progress;
    /** How many of the tokens were whole answers. */
    private int wholes;

    private boolean done;
    private boolean error;
    private @Nullable String finish;
    private boolean finished;
    private int promptTokens;
    private int completionTokens;
    /** What {@link #counted} was when the completion tokens were reported. */
    private int countedAtReport;

    DeltaReader(ParseBuffers buffers) {
        this.buffers = buffers;
    }

    /** How many events have arrived. */
    int events() {
        return events;
    }

    /** How many deltas with text have arrived. */
    int tokens() {
        return tokens;
    }

    /** How many deltas with text, reasoning or calls have arrived. All are tokens that the upstream has generated. */
    int counted() {
        return tokens + thoughts;
    }

    /** Whether a call of a tool has arrived. */
    boolean hasCalls() {
        return calls;
    }

    /** Whether text has arrived, or reasoning, or a call. */
    boolean hasProgress() {
        return progress;
    }

    /** Whether {@code [DONE]} has arrived. */
    boolean isDone() {
        return done;
    }

    /** Whether an error event has arrived. */
    boolean isError() {
        return error;
    }

    /** The upstream's last finish reason; {@code null} before it arrives. */
    @Nullable
    String finish() {
        return finish;
    }

    /**
     * Whether the text is complete: the last finish reason came in an event without text, and no text came after it.
     */
    boolean isFinished() {
        return finished;
    }

    /** Whether a finish reason, {@code [DONE]} or an error event has arrived. */
    boolean isAtEnd() {
        return finish != null || done || error;
    }

    /** The last number above 0 that was reported, at most {@link Usage#MAX_TOKENS}; else 0. */
    int promptTokens() {
        return promptTokens;
    }

    int completionTokens() {
        return completionTokens;
    }

    /** Whether completion tokens were reported, and neither text nor a part has arrived since then. */
    boolean isReportCurrent() {
        return completionTokens > 0 && countedAtReport == counted();
    }

    /**
     * {@inheritDoc}
     *
     * @throws BadUpstreamException if the event does not belong in such a stream
     */
    @Override
    public void event(byte[] bytes, int from, int end, boolean named) {
        if (done || error || isKeepAlive(bytes, from, end)) {
            return;
        }
        events++;
        if (named) {
            error = true;
        } else if (fits(bytes, from, end)) {
            addText(bytes, from + head.length, end - tail.length);
        } else if (startsWithDone(bytes, from, end)) {
            done = true;
        } else if (from < end) {
            parseTolerantly(bytes, from, end);
        }
    }

    /** Some servers send a comment as data: {@code data: : keep-alive}. */
    private static boolean isKeepAlive(byte[] bytes, int from, int end) {
        return from < end && bytes[from] == ':';
    }

    /** After the end of the text, what is not understood cannot spoil the text. */
    private void parseTolerantly(byte[] bytes, int from, int end) {
        try {
            parse(bytes, from, end);
        } catch (BadUpstreamException e) {
            if (!finished) {
                throw e;
            }
        }
    }

    /** Whatever follows it: so do the clients that upstreams are tested with. */
    private static boolean startsWithDone(byte[] bytes, int from, int end) {
        int length = Math.min(end - from, DONE.length);
        return Arrays.equals(bytes, from, from + length, DONE, 0, DONE.length);
    }

    /** The text gathered since the last call. Half a surrogate pair at its end is held back. */
    EscapedText takeText() {
        BoundedBytes text = buffers.text;
        if (text.isEmpty()) {
            return EscapedText.EMPTY;
        }
        try {
            int open = EscapedText.openSurrogateLength(text.array(), 0, text.length());
            int whole = text.length() - open;
            EscapedText taken = EscapedText.ofEscaped(text.array(), 0, whole);
            if (open > 0) {
                half = Arrays.copyOfRange(text.array(), whole, text.length());
            }
            return taken;
        } finally {
            // The buffer is shared: text left in it would go to the next stream.
            text.clear();
        }
    }

    /** Whether anything that is not text has arrived since the last call of {@link #takeParts}. */
    boolean hasParts() {
        return !parts.isEmpty();
    }

    /** What is not text, each with the text before it. The text after the last one is left to {@link #takeText}. */
    List<PartAfterText> takeParts() {
        List<PartAfterText> taken = List.copyOf(parts);
        parts.clear();
        return taken;
    }

    /** Forgets the text since the last call of {@link #takeText}, and what is not text. */
    void dropText() {
        buffers.text.clear();
        parts.clear();
    }

    /** The half of a surrogate pair that was held back, and whose other half will not arrive. */
    EscapedText takeRest() {
        EscapedText rest = EscapedText.ofEscaped(half, 0, half.length);
        half = NONE;
        return rest;
    }

    private boolean fits(byte[] bytes, int from, int end) {
        int textFrom = from + head.length;
        int textEnd = end - tail.length;
        return head.length > 0
                && textFrom <= textEnd
                && Arrays.equals(bytes, from, textFrom, head, 0, head.length)
                && Arrays.equals(bytes, textEnd, end, tail, 0, tail.length)
                && EscapedText.isClean(bytes, textFrom, textEnd - textFrom);
    }

    private void addText(byte[] bytes, int from, int end) {
        if (from == end) {
            return;
        }
        if (half.length > 0) {
            buffers.text.add(half, 0, half.length);
            half = NONE;
        }
        buffers.text.add(bytes, from, end);
        tokens++;
        progress = true;
        finished = false;
    }

    private void parse(byte[] bytes, int from, int end) {
        String decoded = new String(bytes, from, end - from, StandardCharsets.UTF_8);
        if (decoded.indexOf(REPLACEMENT) >= 0) {
            byte[] whole = decoded.getBytes(StandardCharsets.UTF_8);
            buffers.parser.parse(whole, 0, whole.length, buffers.event);
            apply(buffers.event, whole);
            return;
        }
        buffers.parser.parse(bytes, from, end, buffers.event);
        apply(buffers.event, bytes);
        learn(buffers.event, bytes, from, end);
    }

    private void apply(ChatEvent event, byte[] bytes) {
        if (event.error) {
            error = true;
            return;
        }
        boolean hasText = event.textFrom < event.textEnd && !(event.whole && isStreamed());
        boolean hasParts = (event.thoughtFrom < event.thoughtEnd || !event.calls.isEmpty())
                && !(event.wholeParts && (streamedParts || isStreamed()));
        int before = thoughts;
        if (hasParts) {
            addThought(event, bytes, hasText);
        }
        if (hasText) {
            wholes += event.whole ? 1 : 0;
            addText(event.textBytes == null ? bytes : event.textBytes, event.textFrom, event.textEnd);
        }
        if (event.reasoning) {
            thoughts += hasText || hasParts ? 0 : 1;
            progress = true;
        }
        if (hasParts) {
            addCalls(event, hasText || thoughts > before);
        }
        if (event.finish != null) {
            finish = event.finish;
            finished = !hasText;
        }
        promptTokens = event.promptTokens > 0 ? limited(event.promptTokens) : promptTokens;
        if (event.completionTokens > 0) {
            completionTokens = limited(event.completionTokens);
            countedAtReport = counted();
        }
    }

    /** Reasoning precedes the text of its event. An event with both is one token. */
    private void addThought(ChatEvent event, byte[] bytes, boolean hasText) {
        if (event.thoughtFrom >= event.thoughtEnd) {
            return;
        }
        int length = event.thoughtEnd - event.thoughtFrom;
        byte[] escaped = Arrays.copyOf(halfThought, halfThought.length + length);
        System.arraycopy(bytes, event.thoughtFrom, escaped, halfThought.length, length);
        int open = EscapedText.openSurrogateLength(escaped, 0, escaped.length);
        halfThought = Arrays.copyOfRange(escaped, escaped.length - open, escaped.length);
        EscapedText thought = EscapedText.ofEscaped(escaped, 0, escaped.length - open);
        if (thought.isEmpty()) {
            thoughts += hasText ? 0 : 1;
        } else {
            add(event, PartKind.REASONING_CONTENT, thought.json(), hasText ? 0 : 1);
        }
    }

    /** Calls follow the text of their event. */
    private void addCalls(ChatEvent event, boolean isCounted) {
        if (!event.calls.isEmpty()) {
            calls = true;
            progress = true;
            add(event, PartKind.TOOL_CALLS, callIndexes.json(event.calls), isCounted ? 0 : 1);
        }
    }

    private void add(ChatEvent event, PartKind kind, String json, int count) {
        thoughts += count;
        streamedParts |= !event.wholeParts;
        if (kind == PartKind.TOOL_CALLS) {
            finished = false;
        }
        PartAfterText part = new PartAfterText(takeText(), tokens, kind, json, count);
        PartAfterText last = parts.isEmpty() ? null : parts.get(parts.size() - 1);
        boolean continues = last != null
                && kind == PartKind.REASONING_CONTENT
                && last.kind() == kind
                && last.tokensBefore() == tokens
                && part.text().isEmpty();
        if (last != null && continues) {
            parts.set(parts.size() - 1, last.joined(part));
        } else {
            parts.add(part);
        }
    }

    /** Whether a delta had text. Then a whole answer, as some servers send it at the end, is a repetition. */
    private boolean isStreamed() {
        return tokens > wholes;
    }

    private static int limited(long tokens) {
        return (int) Math.min(tokens, Usage.MAX_TOKENS);
    }

    private void learn(ChatEvent event, byte[] bytes, int from, int end) {
        if (!event.isOnlyText() || end - from - (event.textEnd - event.textFrom) > LONGEST_FRAME) {
            return;
        }
        head = Arrays.copyOfRange(bytes, from, event.textFrom);
        tail = Arrays.copyOfRange(bytes, event.textEnd, end);
    }
}
