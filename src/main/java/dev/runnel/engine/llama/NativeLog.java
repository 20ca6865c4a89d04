package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the lines of llama.cpp at debug level. Called on every thread that calls llama.cpp. The last error is kept for
 * the message of a model that does not load.
 */
final class NativeLog implements Llama.LogCallback {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLog.class);
    private static final int ERROR_LEVEL = 4;
    private static final int CONTINUED_LEVEL = 5;

    private final StringBuilder line = new StringBuilder();
    private int lineLevel;
    private String lastError = "";

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
            endLine(line.toString().strip());
            line.setLength(0);
        }
    }

    private void endLine(String text) {
        if (lineLevel == ERROR_LEVEL) {
            lastError = text;
        }
        LOG.debug("{}", text);
    }

    /** Returns and forgets the last error; empty if there was no error since the last call. */
    synchronized String removeLastError() {
        String error = lastError;
        lastError = "";
        return error;
    }
}
