package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class Utf8StateTest {

    private static final int[] EDGES = {
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEE, 0xEF,
        0xF0, 0xF1, 0xF4, 0xF5, 0xFF
    };

    @Property
    void bytesAreWholeTextAsJavaReadsThem(@ForAll @Size(max = 6) byte[] choices) {
        byte[] bytes = new byte[choices.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) EDGES[Math.floorMod(choices[i], EDGES.length)];
        }

        assertThat(Utf8State.WHOLE.after(bytes, bytes.length).equals(Optional.of(Utf8State.WHOLE)))
                .isEqualTo(isUtf8(bytes));
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
