package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContinuationTurnsTest {

    private final ContinuationTurns turns = new ContinuationTurns(2);
    private final List<String> started = new ArrayList<>();

    private ContinuationTurns.Turn enter(String name) {
        return turns.enter(() -> started.add(name));
    }

    @Test
    void othersStartInTheirOrderAsSomeLeave() {
        ContinuationTurns.Turn first = enter("a");
        ContinuationTurns.Turn second = enter("b");
        enter("c");
        enter("d");
        assertThat(started).containsExactly("a", "b");

        second.leave();
        second.leave();
        assertThat(started).containsExactly("a", "b", "c");
        first.leave();

        assertThat(started).containsExactly("a", "b", "c", "d");
    }

    @Test
    void oneThatLeavesBeforeItsTurnDoesNotStart() {
        ContinuationTurns.Turn first = enter("a");
        enter("b");
        ContinuationTurns.Turn third = enter("c");
        enter("d");

        third.leave();
        third.startAnyway();
        first.leave();

        assertThat(started).containsExactly("a", "b", "d");
    }

    @Test
    void oneThatHasWaitedLongEnoughStartsAndCounts() {
        ContinuationTurns.Turn first = enter("a");
        enter("b");
        ContinuationTurns.Turn third = enter("c");
        enter("d");

        third.startAnyway();
        third.startAnyway();
        assertThat(started).containsExactly("a", "b", "c");
        first.leave();
        assertThat(started).containsExactly("a", "b", "c");
        third.leave();

        assertThat(started).containsExactly("a", "b", "c", "d");
    }
}
