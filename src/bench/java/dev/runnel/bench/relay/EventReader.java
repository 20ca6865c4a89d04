package dev.runnel.bench.relay;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one stream, without parsing them: a token is found by what follows it. The length of
 * a line shows how many have arrived, as each is equally long. For one thread.
 */
final class EventReader implements Chunks.Sink {

    private static final byte[] AFTER_TEXT_OF_RUNNEL = ascii("\"}");
    private static final byte[] AFTER_TEXT_OF_OPENAI = ascii(UpstreamFormat.AFTER_TEXT);
    private static final byte[] AFTER_TEXT_OF_CHAT = ascii("\"},\"logprobs\":null,\"finish_reason\":null}]}");
    private static final byte[] ROLE = ascii("\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}");
    private static final byte[] FINISH = ascii("\"finish_reason\":\"length\"}]}");
    private static final byte[] DONE = ascii("data: [DONE]");
    private static final byte[] ERROR = ascii("data: {\"error\"");
    private static final byte[] USAGE_END = ascii("}}");
    private static final Pattern TOKENS = Pattern.compile("ompletion_?[tT]okens\":(\\d+)");
    private static final int USAGE_BYTES = 160;

    /** Receives what arrived. */
    @FunctionalInterface
    interface Listener {
        void event(int ageMicros, int tokens);
    }

    private final boolean runnel;
    private final boolean text;
    private final boolean chat;
    private final Listener listener;
    private final byte[] afterText;

    /** What a line has beside tokens; -1 until it is known. */
    private int frame = -1;

    private int tokens;
    private boolean finished;
    private boolean done;
    private @Nullable String wrong;

    EventReader(Load load, Listener listener) {
        this.runnel = load.server().runnel();
        this.text = runnel && load.form().includeText();
        this.listener = listener;
        this.chat = runnel && load.form().chat();
        byte[] ofRunnel = chat ? AFTER_TEXT_OF_CHAT : AFTER_TEXT_OF_RUNNEL;
        this.afterText = runnel ? ofRunnel : AFTER_TEXT_OF_OPENAI;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    int tokens() {
        return tokens;
    }

    /** What is wrong with the stream that ended now; {@code null} where nothing is. */
    @Nullable
    String verdict(int expectedTokens) {
        if (wrong != null) {
            return wrong;
        }
        if (!finished || !done) {
            return "no terminal event";
        }
        return tokens == expectedTokens ? null : "not all tokens";
    }

    /** A line. */
    @Override
    public void take(ByteBuf bytes, int from, int end) {
        if (from == end || bytes.getByte(from) != 'd') {
            return;
        }
        if (done) {
            complain("something after the end");
        } else if (chat && (endsWith(bytes, from, end, ROLE) || endsWith(bytes, from, end, FINISH))) {
            // Neither has a text.
            return;
        } else if (endsWith(bytes, from, end, afterText)) {
            token(bytes, from, end);
        } else if (endsWith(bytes, from, end, DONE)) {
            done = true;
        } else if (startsWith(bytes, from, end, ERROR)) {
            complain("an error event");
        } else if (endsWith(bytes, from, end, USAGE_END)) {
            finish(bytes, from, end);
        } else {
            complain("an unknown event");
        }
    }

    /** What comes after the first of them is a consequence. */
    private void complain(String what) {
        if (wrong == null) {
            wrong = what;
        }
    }

    private static boolean startsWith(ByteBuf bytes, int from, int end, byte[] what) {
        return end - from >= what.length && areAt(bytes, from, what);
    }

    private static boolean endsWith(ByteBuf bytes, int from, int end, byte[] what) {
        return end - from >= what.length && areAt(bytes, end - what.length, what);
    }

    private static boolean areAt(ByteBuf bytes, int from, byte[] what) {
        for (int i = 0; i < what.length; i++) {
            if (bytes.getByte(from + i) != what[i]) {
                return false;
            }
        }
        return true;
    }

    private void token(ByteBuf bytes, int from, int end) {
        int textEnd = end - afterText.length;
        int age = Stamp.ageMicros(bytes::getByte, textEnd - Stamp.TOKEN_BYTES, Stamp.nowMicros());
        int now = runnel ? newTokens(bytes, from, textEnd, end - from) : 1;
        if (now < 1) {
            complain("the text is not that of the deltas");
            return;
        }
        tokens += now;
        listener.event(age, now);
    }

    /** In a line with the whole text, the new tokens stand twice. */
    private int newTokens(ByteBuf bytes, int from, int textEnd, int length) {
        int each = text ? 2 * Stamp.TOKEN_BYTES : Stamp.TOKEN_BYTES;
        if (frame < 0) {
            int quote = textEnd - 1;
            while (quote > from && bytes.getByte(quote) != '"') {
                quote--;
            }
            frame = length - (textEnd - quote - 1) / Stamp.TOKEN_BYTES * each;
        }
        int before = text ? tokens * Stamp.TOKEN_BYTES : 0;
        int added = length - frame - before;
        return added % each == 0 ? added / each : -1;
    }

    private void finish(ByteBuf bytes, int from, int end) {
        int usage = Math.max(from, end - USAGE_BYTES);
        Matcher count = TOKENS.matcher(bytes.toString(usage, end - usage, StandardCharsets.ISO_8859_1));
        if (finished) {
            complain("two terminal events");
        } else if (!count.find() || Integer.parseInt(count.group(1)) != tokens) {
            complain("the usage is wrong");
        }
        finished = true;
    }
}
