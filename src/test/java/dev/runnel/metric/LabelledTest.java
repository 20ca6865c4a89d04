package dev.runnel.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class LabelledTest {

    private enum Known {
        FIRST_WORD,
        SECOND_WORD
    }

    private enum Unknown {
        WORD
    }

    private final Labelled<String> labelled = new Labelled<>(EnumSet.allOf(Known.class), value -> value);

    @Test
    void labelIsTheWordInLowerCase() {
        assertThat(labelled.of(Known.SECOND_WORD)).isEqualTo("second_word");
    }

    @Test
    void wordThatWasNotAnnouncedMakesNoMeter() {
        assertThatThrownBy(() -> labelled.of(Unknown.WORD)).isInstanceOf(IllegalArgumentException.class);
    }
}
