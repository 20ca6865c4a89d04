package dev.runnel.message.codec;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;
import dev.runnel.text.TokenIds;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of a {@link Delta}, of which there is one for each token. Its fields stand in a fixed order without numbers,
 * so that no second copy of the whole is needed. A new field goes to the end: an older reader skips it, and a newer one
 * gives it a default where it is missing.
 *
 * <p>The fields:
 *
 * <ol>
 *   <li>the generation's id, a string
 *   <li>the sequence, a varint
 *   <li>the length of the text in UTF-8, a varint
 *   <li>the escaped text, bytes
 *   <li>the tokens, a varint
 *   <li>the epoch, a varint
 *   <li>the ids of tokens: their number, and each of them, as varints
 * </ol>
 *
 * <p>The last two are left out together where the epoch is 0 and there are no ids.
 */
final class DeltaForm {

    private DeltaForm() {}

    static void write(WireWriter out, Delta delta) {
        byte[] id = WireWriter.utf8(delta.generationId());
        byte[] escaped = new byte[delta.text().escapedLength()];
        delta.text().copyTo(escaped, 0);
        int utf8Length = delta.text().utf8Length();
        int length = WireWriter.numberLength(id.length)
                + id.length
                + WireWriter.numberLength(delta.sequence())
                + WireWriter.numberLength(utf8Length)
                + WireWriter.numberLength(escaped.length)
                + escaped.length
                + WireWriter.numberLength(delta.tokens())
                + (hasEnd(delta) ? WireWriter.numberLength(delta.epoch()) + length(delta.tokenIds()) : 0);
        out.number(length)
                .bytes(id)
                .number(delta.sequence())
                .number(utf8Length)
                .bytes(escaped)
                .number(delta.tokens());
        if (hasEnd(delta)) {
            out.number(delta.epoch());
            write(out, delta.tokenIds());
        }
    }

    private static boolean hasEnd(Delta delta) {
        return delta.epoch() != 0 || !delta.tokenIds().isEmpty();
    }

    private static int length(TokenIds ids) {
        int length = WireWriter.numberLength(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            length += WireWriter.numberLength(ids.at(i));
        }
        return length;
    }

    private static void write(WireWriter out, TokenIds ids) {
        out.number(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            out.number(ids.at(i));
        }
    }

    static Delta read(WireReader in) {
        return new Delta(
                in.string(),
                in.number(),
                text(in),
                in.hasMore() ? in.shortNumber() : 0,
                in.hasMore() ? in.shortNumber() : 0,
                in.hasMore() ? ids(in) : TokenIds.NONE);
    }

    private static TokenIds ids(WireReader in) {
        long count = in.number();
        List<Integer> ids = new ArrayList<>();
        // A wrong number costs no memory: each id needs a byte.
        for (long i = 0; i < count; i++) {
            ids.add(in.shortNumber());
        }
        return TokenIds.of(ids);
    }

    private static EscapedText text(WireReader in) {
        int utf8Length = in.shortNumber();
        byte[] escaped = in.bytes();
        if (utf8Length < 0 || utf8Length > escaped.length) {
            throw new MalformedMessageException(
                    "length of a text: " + utf8Length + " (expected: 0 … " + escaped.length + ")");
        }
        return EscapedText.restored(escaped, utf8Length);
    }
}
