package dev.runnel.engine.llama;

import java.nio.charset.StandardCharsets;
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

    private final byte[] bytes = ("<|" + name().toLowerCase(Locale.ROOT) + "|>").getBytes(StandardCharsets.US_ASCII);

    static List<ChannelMark> all() {
        return ALL;
    }

    /** The mark as a chat template writes it. */
    String text() {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    int length() {
        return bytes.length;
    }

    void appendTo(ByteQueue target) {
        target.append(bytes, bytes.length);
    }

    /** Whether it is these bytes, or starts with them. */
    boolean startsWith(ByteQueue queue) {
        if (queue.length() > bytes.length) {
            return false;
        }
        for (int i = 0; i < queue.length(); i++) {
            if (queue.at(i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
