package dev.runnel.engine.llama;

import java.util.List;
import java.util.Locale;

/** A mark of answers in channels, as gpt-oss writes them. Its first character is in no other place of any mark. */
enum ChannelMark {
    /** Before the name of who writes a message. */
    START,
    /** Before the name of a channel. */
    CHANNEL,
    /** Before the content of a message. */
    MESSAGE,
    /** Before the format of a content. */
    CONSTRAIN,
    /** After a message. */
    END,
    /** After the last message. */
    RETURN,
    /** After a call of a tool. */
    CALL;

    /** The first character of every mark. */
    static final byte FIRST = '<';

    private static final List<ChannelMark> ALL = List.of(values());

    /** ASCII. */
    private final String text = "<|" + name().toLowerCase(Locale.ROOT) + "|>";

    static List<ChannelMark> all() {
        return ALL;
    }

    /** The mark as a chat template writes it. */
    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    void appendTo(ByteQueue target) {
        for (int i = 0; i < text.length(); i++) {
            target.append((byte) text.charAt(i));
        }
    }

    /** Whether it is these bytes, or starts with them. */
    boolean startsWith(ByteQueue queue) {
        if (queue.length() > text.length()) {
            return false;
        }
        for (int i = 0; i < queue.length(); i++) {
            if (queue.at(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
