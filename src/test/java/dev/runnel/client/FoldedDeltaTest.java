package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;
import dev.runnel.text.TokenIds;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldedDeltaTest {

    private static Delta delta(long sequence, String text) {
        return new Delta("gen_1", sequence, EscapedText.of(text), 2, 1, TokenIds.of(List.of(7, 8)));
    }

    @Test
    void severalAreOneWithTheLastNumberAndItsEpoch() {
        FoldedDelta folded = new FoldedDelta();

        folded.add(delta(3, "Once"));
        folded.add(delta(4, " upon"));

        assertThat(folded.poll()).isEqualTo(new Delta("gen_1", 4, EscapedText.of("Once upon"), 4, 1, TokenIds.NONE));
        assertThat(folded.isEmpty()).isTrue();
    }

    @Test
    void oneStaysAsItIs() {
        FoldedDelta folded = new FoldedDelta();

        folded.add(delta(3, "Once"));

        assertThat(folded.poll()).isEqualTo(delta(3, "Once"));
    }
}
