package dev.runnel.conformance.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transcript shows what was sent and what came, and no key. */
class TranscriptTest {

    private static final String KEY = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLWFkYQ";

    private final Transcript transcript = new Transcript();

    @BeforeEach
    void hideTheKey() {
        transcript.hide(KEY);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void keyIsHiddenAlsoWhereItIsSentByteByByte() {
        for (byte one : bytes("Authorization: Bearer " + KEY + "\r\n")) {
            transcript.sent(new byte[] {one});
        }

        assertThat(transcript.lines()).containsExactly("sent: Authorization: Bearer <key>");
    }

    @Test
    void requestsOfTwoConnectionsStandOnLinesOfTheirOwn() {
        transcript.sent(bytes("first"));
        transcript.opened();
        transcript.sent(bytes("second"));

        assertThat(transcript.lines()).containsExactly("sent: first", "sent: second");
    }

    @Test
    void partsOfAForgedKeyAreHidden() {
        transcript.sent(bytes("Bearer " + KEY.replace("eyJzdWIiOiJhZGEifQ", "forged")));

        assertThat(transcript.lines()).containsExactly("sent: Bearer <key>.forged.<key>");
    }

    @Test
    void longEntryIsCutAndEndsWithNoPartOfAKey() {
        String filler = (KEY + " ").repeat(1000);
        transcript.sent(bytes(filler));

        String shown = String.join("\n", transcript.lines());
        assertThat(shown).hasSizeLessThan(1300).doesNotContain("eyJ").endsWith("…");
    }

    @Test
    void endOfWhatIsKeptIsNoPartOfAKey() {
        transcript.sent(bytes("x".repeat(16 * 1024 - 30) + KEY));

        assertThat(String.join("\n", transcript.lines())).doesNotContain("eyJ");
        assertThat(transcript.hidden("came " + KEY)).isEqualTo("came <key>");
    }

    @Test
    void controlCharactersAreShownAsDots() {
        transcript.received(bytes("a\u0000b\u001b[0m\r\n"), 9);

        assertThat(transcript.lines()).containsExactly("came: a\u00b7b\u00b7[0m");
    }

    @Test
    void clearedTranscriptIsEmptyButStillHidesTheKey() {
        transcript.sent(bytes("first"));
        transcript.clear();
        transcript.sent(bytes(KEY));

        assertThat(transcript.lines()).containsExactly("sent: <key>");
    }
}
