package dev.runnel.cli.terminal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where text is shown: standard output for text, standard error for notices. Both are UTF-8, whatever the locale is.
 * All text goes through {@link SafeText}. For one thread.
 */
public final class Screen {

    private final PrintStream out;
    private final PrintStream err;
    private boolean isAtLineStart = true;
    private boolean isBroken;

    public Screen(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Shows text of a model at once. */
    public void text(String text) {
        String safe = SafeText.of(text);
        if (!safe.isEmpty()) {
            write(out, safe);
            isAtLineStart = safe.endsWith("\n");
        }
    }

    /** Ends a line that is not complete. */
    public void endLine() {
        if (!isAtLineStart) {
            text("\n");
        }
    }

    /** Shows one line, complete. */
    public void line(String line) {
        endLine();
        text(line + "\n");
    }

    /** Shows one line on standard error. */
    public void notice(String line) {
        write(err, SafeText.line(line) + "\n");
    }

    /** Whether standard output is closed, as by {@code head}. */
    public boolean isBroken() {
        return isBroken;
    }

    private void write(PrintStream stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
        isBroken |= stream.checkError() && stream == out;
    }
}
