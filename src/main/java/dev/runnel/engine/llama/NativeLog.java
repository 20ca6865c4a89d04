package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the lines of llama.cpp at debug level. Called on every thread that calls llama.cpp. The first error is kept for
 * the message of a model that does not load: later ones only say that a caller gives up.
 */
final class NativeLog implements Llama.LogCallback {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLog.class);
    private static final int ERROR_LEVEL = 4;
    private static final int CONTINUED_LEVEL = 5;

    private final StringBuilder line = new StringBuilder();
    private int lineLevel;
    private String firstError = "";

    @Override
    public synchronized void invoke(int level, Pointer text, @Nullable Pointer userData) {
        if (level != CONTINUED_LEVEL) {
            lineLevel = level;
        }
        if (lineLevel != ERROR_LEVEL && !LOG.isDebugEnabled()) {
            return;
        }
        line.append(text.getString(0));
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\n') {
            endLine(printable(line.toString()).strip());
            line.setLength(0);
        }
    }

    /** An error may quote the model's file, which is foreign input. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private void endLine(String text) {
        if (lineLevel == ERROR_LEVEL && firstError.isEmpty()) {
            firstError = text;
        }
        LOG.debug("{}", text);
    }

    /** Returns and forgets the first error since the last call; empty if there was none. */
    synchronized String removeError() {
        String error = firstError;
        firstError = "";
        return error;
    }
}
