package dev.runnel.cli.terminal;

import java.io.IOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** Which of the streams of this process are terminals. */
public final class Tty {

    private static final String PROVIDER = "jna";

    private Tty() {}

    /** Whether standard input is one. */
    public static boolean isInput() {
        return is(SystemStream.Input);
    }

    static boolean isOutput() {
        return is(SystemStream.Output);
    }

    /** Whether standard error is one. */
    public static boolean isError() {
        return is(SystemStream.Error);
    }

    private static boolean is(SystemStream stream) {
        try {
            return TerminalProvider.load(PROVIDER).isSystemStream(stream);
        } catch (IOException | LinkageError e) {
            // JNA is not available on this machine: nothing is shown that needs a terminal.
            return false;
        }
    }
}
