package dev.runnel.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines as they come, in UTF-8: from a pipe, or from a terminal that only has the line editor of the system. */
final class PlainLines implements Lines {

    private static final int MAX_BYTES = 8 << 20;
    private static final String PROMPT = ">>> ";
    private static final String CONTINUATION = "... ";

    private final InputStream in;
    private final PrintStream out;
    private final boolean isInteractive;
    private volatile boolean isReading;

    /** Whether Ctrl-C has dropped the lines that were entered before the current one. */
    private volatile boolean isDropped;

    private Interrupts interrupts = Interrupts.handledBy(() -> {});

    PlainLines(InputStream in, PrintStream out, boolean isInteractive) {
        this.in = in;
        this.out = out;
        this.isInteractive = isInteractive;
    }

    @Override
    public boolean isInteractive() {
        return isInteractive;
    }

    @Override
    public void onInterrupt(Runnable action) {
        interrupts.close();
        interrupts = Interrupts.handledBy(() -> {
            if (isReading && isInteractive) {
                isDropped = true;
                show("\n" + PROMPT);
            } else {
                action.run();
            }
        });
    }

    @Override
    public Input next() throws IOException {
        StringBuilder text = new StringBuilder();
        isDropped = false;
        try {
            show(PROMPT);
            while (true) {
                isReading = true;
                Optional<String> line = line();
                isReading = false;
                if (isDropped) {
                    text.setLength(0);
                    isDropped = false;
                }
                line.ifPresent(text::append);
                if (line.isEmpty()) {
                    return text.isEmpty() ? new Input.End() : new Input.Text(MultiLine.textOf(text.toString()));
                }
                if (MultiLine.isComplete(text.toString())) {
                    return new Input.Text(MultiLine.textOf(text.toString()));
                }
                text.append('\n');
                show(CONTINUATION);
            }
        } finally {
            isReading = false;
        }
    }

    private void show(String prompt) {
        if (isInteractive) {
            out.print(prompt);
            out.flush();
        }
    }

    /** Empty at the end. */
    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        boolean isEnd = next < 0;
        while (next >= 0 && next != '\n') {
            if (line.size() == MAX_BYTES) {
                throw new IOException("a line of more than " + MAX_BYTES + " bytes");
            }
            line.write(next);
            next = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return isEnd
                ? Optional.empty()
                : Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    @Override
    public void close() {
        interrupts.close();
    }
}
