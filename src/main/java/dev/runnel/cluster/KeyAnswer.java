package dev.runnel.cluster;

import dev.runnel.resume.SharedKeys.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of an answer to a {@link KeyStep}: its kind, and the id of a generation. */
final class KeyAnswer {

    private static final byte GRANTED = 'G';
    private static final byte FREE = 'F';
    private static final byte PENDING = 'P';
    private static final byte SAME = 'S';
    private static final byte OTHER = 'O';

    private KeyAnswer() {}

    static byte[] bytes(Answer answer) {
        if (answer instanceof Answer.Kept kept) {
            byte[] id = kept.generationId().getBytes(StandardCharsets.UTF_8);
            byte[] bytes = new byte[1 + id.length];
            bytes[0] = kept.isSameRequest() ? SAME : OTHER;
            System.arraycopy(id, 0, bytes, 1, id.length);
            return bytes;
        }
        if (answer instanceof Answer.Granted) {
            return new byte[] {GRANTED};
        }
        return new byte[] {answer instanceof Answer.Pending ? PENDING : FREE};
    }

    /** Reads an answer. One of a newer version that is unknown here counts as none. */
    static Answer of(byte[] bytes) {
        return switch (bytes.length == 0 ? 0 : bytes[0]) {
            case GRANTED -> new Answer.Granted();
            case FREE -> new Answer.Free();
            case PENDING -> new Answer.Pending();
            case SAME, OTHER ->
                new Answer.Kept(
                        new String(Arrays.copyOfRange(bytes, 1, bytes.length), StandardCharsets.UTF_8),
                        bytes[0] == SAME);
            default -> new Answer.Silent();
        };
    }
}
