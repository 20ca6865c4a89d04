package dev.runnel.engine.openai;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one stream: gathers their text, still escaped as the upstream wrote it, and remembers what they say of
 * the end.
 *
 * <p>The events of a stream are the same but for the text in them. So the bytes before and behind the text of one event that
 * was parsed are kept, and the next event with the same bytes there needs no parser: what is between them is its text. Any
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
    /** The first half of a surrogate pair, whose second half comes with the next event. */
    private byte[] half = NONE;

    private int events;
    private int tokens;
    private boolean progress;
    private boolean done;
    private boolean error;
    private @Nullable String finish;
    private long promptTokens = ChatEvent.ABSENT;
    private long completionTokens = ChatEvent.ABSENT;

    DeltaReader(ParseBuffers buffers) {
        this.buffers = buffers;
    }

    /** How many events have come. */
    int events() {
        return events;
    }

    /** How many deltas with text have come. */
    int tokens() {
        return tokens;
    }

    /** Whether there was text yet, or thought. */
    boolean hasProgress() {
        return progress;
    }

    /** Whether {@code [DONE]} has come. */
    boolean isDone() {
        return done;
    }

    /** Whether an error event has come. */
    boolean isError() {
        return error;
    }

    /** The upstream's word for why it ended, {@code null} before. */
    @Nullable
    String finish() {
        return finish;
    }

    boolean hasUsage() {
        return promptTokens >= 0 && completionTokens >= 0;
    }

    /** The last usage told, {@link Usage#MAX_TOKENS} at most; only where {@link #hasUsage()}. */
    int promptTokens() {
        return (int) Math.min(promptTokens, Usage.MAX_TOKENS);
    }

    int completionTokens() {
        return (int) Math.min(completionTokens, Usage.MAX_TOKENS);
    }

    /**
     * {@inheritDoc}
     *
     * @throws BadUpstreamException where the event is no part of such a stream
     */
    @Override
    public void event(byte[] bytes, int from, int end, boolean named) {
        if (done || error) {
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
            parse(bytes, from, end);
        }
    }

    /** As clients read it that upstreams are tested with: whatever stands behind it. */
    private static boolean startsWithDone(byte[] bytes, int from, int end) {
        int length = Math.min(end - from, DONE.length);
        return Arrays.equals(bytes, from, from + length, DONE, 0, DONE.length);
    }

    /** The text gathered since the last call; without half a surrogate pair at its end, which is held back. */
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
            // Whatever stays would be the next stream's.
            text.clear();
        }
    }

    /** What was held back and will not be completed any more. */
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
    }

    private void parse(byte[] bytes, int from, int end) {
        String decoded = new String(bytes, from, end - from, StandardCharsets.UTF_8);
        if (decoded.indexOf(REPLACEMENT) >= 0) {
            byte[] whole = decoded.getBytes(StandardCharsets.UTF_8);
            buffers.parser.parse(whole, 0, whole.length, buffers.event);
            take(buffers.event, whole);
            return;
        }
        buffers.parser.parse(bytes, from, end, buffers.event);
        take(buffers.event, bytes);
        learn(buffers.event, bytes, from, end);
    }

    private void take(ChatEvent chunk, byte[] bytes) {
        if (chunk.error) {
            error = true;
            return;
        }
        if (chunk.textFrom != ChatEvent.ABSENT) {
            addText(bytes, chunk.textFrom, chunk.textEnd);
        }
        progress |= chunk.reasoning;
        if (chunk.finish != null && !chunk.finish.isEmpty()) {
            finish = chunk.finish;
        }
        if (chunk.hasUsage()) {
            promptTokens = chunk.promptTokens;
            completionTokens = chunk.completionTokens;
        }
    }

    private void learn(ChatEvent chunk, byte[] bytes, int from, int end) {
        if (!chunk.isOnlyText() || end - from - (chunk.textEnd - chunk.textFrom) > LONGEST_FRAME) {
            return;
        }
        head = Arrays.copyOfRange(bytes, from, chunk.textFrom);
        tail = Arrays.copyOfRange(bytes, chunk.textEnd, end);
    }
}
