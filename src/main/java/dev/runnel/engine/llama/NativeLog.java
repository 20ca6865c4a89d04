package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * llama.cpp's own log, line by line, at debug. It comes from whatever thread calls llama.cpp. The last error is kept for the
 * line that says why a model did not load.
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

    /** The last error since this was asked before; empty if there was none. */
    synchronized String takeLastError() {
        String error = lastError;
        lastError = "";
        return error;
    }
}
