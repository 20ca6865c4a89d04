package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StartWatchTest {

    private final List<String> written = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();

    private StartWatch watch(boolean terminal) {
        return new StartWatch(written::add, terminal, nanos::get);
    }

    @Test
    void terminalShowsOneLineWithTheSeconds() {
        StartWatch watch = watch(true);

        watch.show("loading a-long-name");
        nanos.set(1_500_000_000);
        watch.show("warming up");
        watch.clear();
        watch.clear();

        assertThat(written)
                .containsExactly(
                        "\rloading a-long-name … 0.0 s",
                        "\rwarming up … 1.5 s" + " ".repeat(9),
                        "\r" + " ".repeat(18) + "\r");
    }

    @Test
    void logHasOneLineForEachWait() {
        StartWatch watch = watch(false);

        watch.show("loading a");
        watch.show("loading a");
        nanos.set(2_000_000_000);
        watch.show("");
        watch.show("warming up");
        watch.clear();

        assertThat(written).containsExactly("loading a (0.0 s after the start)", "warming up (2.0 s after the start)");
    }
}
