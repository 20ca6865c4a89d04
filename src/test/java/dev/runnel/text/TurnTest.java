package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u007f\u0080", "\u07ff\u0800", "\uffff", "😀a😀"})
    void lengthIsThatOfUtf8(String content) {
        assertThat(Turn.user(content).utf8Length()).isEqualTo(content.getBytes(StandardCharsets.UTF_8).length);
    }

    @Property
    void turnIsWholeIfUtf8CanExpressItsContent(@ForAll String content) {
        Turn turn = Turn.user(content);

        assertThat(turn.isWhole()).isNotEqualTo(Surrogates.hasUnpaired(content));
        if (turn.isWhole()) {
            assertThat(turn.utf8Length()).isEqualTo(content.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ude00\ud83d", "\ud83d\ud83d\ude00", "\ud83d\ude00\ud83d"})
    void contentWithHalfAPairIsNotWhole(String content) {
        assertThat(Turn.user(content).isWhole()).isFalse();
    }

    @Test
    void turnsAreEqualByRoleAndContent() {
        assertThat(Turn.user("x")).isEqualTo(new Turn(Turn.Role.USER, "x")).hasSameHashCodeAs(Turn.user("x"));
        assertThat(Turn.user("x")).isNotEqualTo(Turn.user("y")).isNotEqualTo(new Turn(Turn.Role.ASSISTANT, "x"));
    }
}
