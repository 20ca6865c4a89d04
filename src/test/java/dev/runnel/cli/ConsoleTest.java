package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private final List<String> written = new ArrayList<>();
    private final Console console = new Console(
            System.out,
            written::add,
            new ProgressBar(written::add, false, () -> 0),
            new StartWatch(written::add, false, () -> 0));

    @Test
    void startWaitsForModelsThenForTheClusterThenForTheWarmUp() {
        console.waitsFor(List.of("story"), Optional.of("1 members answer"));
        console.loading("story");
        console.waitsFor(List.of("story"), Optional.empty());
        console.waitsFor(List.of(), Optional.of("1 members answer"));
        console.waitsFor(List.of(), Optional.empty());

        assertThat(written)
                .containsExactly(
                        "looking for the file of story, waiting for the cluster: 1 members answer"
                                + " (0.0 s after the start)",
                        "loading story (0.0 s after the start)",
                        "waiting for the cluster: 1 members answer (0.0 s after the start)",
                        "warming up (0.0 s after the start)");
    }
}
