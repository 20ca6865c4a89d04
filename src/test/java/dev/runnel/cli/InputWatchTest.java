package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InputWatchTest {

    @Test
    void endOfTheInputIsNoticedAndWhatComesBeforeItIsNot() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (PipedOutputStream parent = new PipedOutputStream()) {
            PipedInputStream input = new PipedInputStream(parent, 16);
            // More than the pipe holds: the write returns once most of it was read.
            InputWatch.start(input, ended::countDown);
            parent.write(new byte[100]);
            assertThat(ended.getCount()).isEqualTo(1);
        }

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
