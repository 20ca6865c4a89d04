package dev.runnel.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Formats an exception, its stack and its causes as one string of limited length. */
final class StackText {

    private static final int MAX_CHARACTERS = 16 * 1024;
    private static final int MAX_CAUSES = 8;
    private static final int MAX_FRAMES = 40;

    private final StringBuilder text = new StringBuilder(1024);
    private final String separator;

    private StackText(String separator) {
        this.separator = separator;
    }

    /** @param separator written between two frames */
    static String of(IThrowableProxy thrown, String separator) {
        StackText stack = new StackText(separator);
        stack.append(thrown);
        return stack.text.length() > MAX_CHARACTERS
                ? stack.text.substring(0, MAX_CHARACTERS) + "…"
                : stack.text.toString();
    }

    private void append(IThrowableProxy thrown) {
        IThrowableProxy next = thrown;
        for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
            if (depth > 0) {
                text.append(separator).append("caused by ");
            }
            head(next);
            frames(next);
            next = next.getCause();
        }
    }

    private void head(IThrowableProxy thrown) {
        text.append(thrown.getClassName());
        @Nullable String message = thrown.getMessage();
        if (message != null) {
            text.append(": ");
            ControlCharacterEscaper.append(text, message, LineFormat.MESSAGE_CHARACTERS);
        }
    }

    private void frames(IThrowableProxy thrown) {
        StackTraceElementProxy[] frames =
                Objects.requireNonNullElse(thrown.getStackTraceElementProxyArray(), new StackTraceElementProxy[0]);
        int own = frames.length - thrown.getCommonFrames();
        for (int i = 0; i < Math.min(own, MAX_FRAMES); i++) {
            text.append(separator).append(frames[i].getSTEAsString());
        }
        if (own < frames.length || own > MAX_FRAMES) {
            text.append(separator)
                    .append("… ")
                    .append(frames.length - Math.min(own, MAX_FRAMES))
                    .append(" more");
        }
    }
}
