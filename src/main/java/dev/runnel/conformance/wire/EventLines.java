package dev.runnel.conformance.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a body of {@code text/event-stream}, as bytes and as text, without judgement.
 *
 * @param lines each without its line feed
 * @param isUtf8 whether each line alone is UTF-8, so that no code point is split between lines
 * @param endsWithBlankLine whether the last line is complete and blank
 */
public record EventLines(List<String> lines, boolean isUtf8, boolean endsWithBlankLine) {

    private static final String DATA = "data: ";
    private static final String DONE = "[DONE]";

    public EventLines {
        lines = List.copyOf(lines);
    }

    public static EventLines of(byte[] body) {
        List<String> lines = new ArrayList<>();
        boolean isUtf8 = true;
        int start = 0;
        for (int i = 0; i <= body.length; i++) {
            boolean isEnd = i == body.length;
            if ((isEnd && start < i) || (!isEnd && body[i] == '\n')) {
                isUtf8 &= isUtf8(body, start, i);
                lines.add(new String(body, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        boolean endsWell = body.length >= 2 && body[body.length - 1] == '\n' && body[body.length - 2] == '\n';
        return new EventLines(lines, isUtf8, endsWell);
    }

    private static boolean isUtf8(byte[] body, int from, int to) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** What stands after {@code data: } in each line that has it. */
    public List<String> payloads() {
        return lines.stream()
                .filter(line -> line.startsWith(DATA))
                .map(line -> line.substring(DATA.length()))
                .toList();
    }

    /** The payloads that are JSON documents, in order. */
    public List<String> documents() {
        return payloads().stream().filter(payload -> !payload.equals(DONE)).toList();
    }

    /** How often {@code data: [DONE]} came. */
    public long doneCount() {
        return payloads().stream().filter(DONE::equals).count();
    }

    public boolean endsWithDone() {
        List<String> payloads = payloads();
        return !payloads.isEmpty() && payloads.get(payloads.size() - 1).equals(DONE);
    }
}
