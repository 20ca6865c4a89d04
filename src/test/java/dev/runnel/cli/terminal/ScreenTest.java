package dev.runnel.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Screen screen = new Screen(
            new PrintStream(out, false, StandardCharsets.US_ASCII),
            new PrintStream(err, false, StandardCharsets.US_ASCII));

    @Test
    void textIsUtf8WhateverTheStreamsEncodingIs() {
        screen.text("Größe\u001b");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Größe␛");
    }

    @Test
    void lineStartsOnALineOfItsOwn() {
        screen.text("a");
        screen.line("b");
        screen.endLine();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\n");
    }

    @Test
    void noticeGoesToStandardErrorOnOneLine() {
        screen.notice("the service says:\n\u001b[2J");

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("the service says: ␛[2J\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void closedStandardOutputIsNoticed() {
        Screen closed = new Screen(
                new PrintStream(new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                }),
                new PrintStream(err));

        closed.text("a");

        assertThat(closed.isBroken()).isTrue();
        assertThat(screen.isBroken()).isFalse();
    }
}
