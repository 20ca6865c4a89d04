package dev.runnel.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u007f\u0080", "\u07ff\u0800", "\uffff", "😀a😀"})
    void lengthIsThatOfUtf8(String content) {
        assertThat(Turn.user(content).utf8Length()).isEqualTo(content.getBytes(StandardCharsets.UTF_8).length);
    }
}
