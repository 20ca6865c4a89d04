package dev.runnel.cli.terminal;

import java.io.IOException;

/** Standard input as the input of a conversation. */
public final class StandardInput {

    private StandardInput() {}

    /** With an editor at a terminal; else, and where {@code TERM} is {@code dumb}, line by line. */
    public static Lines lines() throws IOException {
        String type = System.getenv("TERM");
        boolean isDumb = type == null || type.isEmpty() || type.equals("dumb");
        if (!isDumb && Tty.isInput() && Tty.isOutput()) {
            return EditedLines.open();
        }
        return new PlainLines(System.in, System.out, Tty.isInput());
    }
}
