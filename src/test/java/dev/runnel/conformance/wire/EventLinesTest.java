package dev.runnel.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How the lines of a stream are read, before any rule looks at them. */
class EventLinesTest {

    private static EventLines lines(String body) {
        return EventLines.of(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void payloadsAndDoneAreFound() {
        EventLines lines = lines("data: {\"a\":1}\n\n: ping\ndata: [DONE]\n\n");

        assertThat(lines.lines()).containsExactly("data: {\"a\":1}", "", ": ping", "data: [DONE]", "");
        assertThat(lines.documents()).containsExactly("{\"a\":1}");
        assertThat(lines.doneCount()).isEqualTo(1);
        assertThat(lines.endsWithDone()).isTrue();
        assertThat(lines.endsWithBlankLine()).isTrue();
    }

    @Test
    void lineWithoutAnEndIsALine() {
        EventLines lines = lines("data: {\"a\":1}\n\ndata: {\"b\"");

        assertThat(lines.lines()).hasSize(3);
        assertThat(lines.endsWithBlankLine()).isFalse();
    }

    @Test
    void cutCodePointIsNotUtf8() {
        assertThat(EventLines.of(new byte[] {'d', (byte) 0xe2, (byte) 0x82, '\n'})
                        .isUtf8())
                .isFalse();
        assertThat(lines("data: \u20ac\n\n").isUtf8()).isTrue();
    }
}
