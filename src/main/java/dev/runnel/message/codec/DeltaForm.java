package dev.runnel.message.codec;

import dev.runnel.message.Delta;
import dev.runnel.text.EscapedText;

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
 * </ol>
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
                + WireWriter.numberLength(delta.tokens());
        out.number(length)
                .bytes(id)
                .number(delta.sequence())
                .number(utf8Length)
                .bytes(escaped)
                .number(delta.tokens());
    }

    static Delta read(WireReader in) {
        return new Delta(in.string(), in.number(), text(in), in.hasMore() ? in.shortNumber() : 0);
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
