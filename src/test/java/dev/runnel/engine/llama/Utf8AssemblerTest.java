package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8AssemblerTest {

    /** Unicode 16, section 3.9, tables 3-8 to 3-11, and ends in the middle. */
    @ParameterizedTest
    @CsvSource({
        "41, A",
        "c3a4, ä",
        "f09f98 80, 😀",
        "61 f1 80 80 e1 80 c2 62 80 63 80 bf 64, a���b�c��d",
        "c0 af e0 80 bf f0 81 82 41, ��������A",
        "ed a0 80 ed bf bf ed af 41, ��������A",
        "f4 91 92 93 ff 41 80 bf 42, �����A��B",
        "e1 80 e2 f0 91 92 f1 bf 41, ����A",
        "f4 8f bf bf, \udbff\udfff",
        "ee 80 80, \ue000",
        "41 f0 9f 98, A�",
        "c3, �",
        "ff, �"
    })
    void malformedPartsAreReplacedAsTheStandardSays(String hex, String text) {
        assertThat(assemble(HexFormat.of().parseHex(hex.replace(" ", "")), Integer.MAX_VALUE))
                .isEqualTo(text);
    }

    @Property
    void anyTextComesOutAsItIs(@ForAll String any, @ForAll byte step) {
        String text = new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        assertThat(assemble(text.getBytes(StandardCharsets.UTF_8), 1 + (step & 7)))
                .isEqualTo(text);
    }

    @Property
    void splitOfTheBytesDoesNotMatter(@ForAll @Size(max = 40) byte[] bytes, @ForAll byte step) {
        assertThat(assemble(bytes, 1 + (step & 7))).isEqualTo(assemble(bytes, Integer.MAX_VALUE));
    }

    /** What came out must be whole code points after each step, or this would not be the text. */
    private static String assemble(byte[] bytes, int step) {
        Utf8Assembler assembler = new Utf8Assembler();
        StringBuilder text = new StringBuilder();
        for (int from = 0; from < bytes.length; from += Math.min(step, bytes.length - from)) {
            int count = Math.min(step, bytes.length - from);
            byte[] piece = new byte[count + 1];
            System.arraycopy(bytes, from, piece, 0, count);
            assembler.append(piece, count);
            text.append(taken(assembler));
        }
        assembler.end();
        return text + taken(assembler);
    }

    private static String taken(Utf8Assembler assembler) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < assembler.whole().length(); i++) {
            out.write(assembler.whole().at(i));
        }
        assembler.whole().cutAt(0);
        return out.toString(StandardCharsets.UTF_8);
    }
}
