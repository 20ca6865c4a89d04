package dev.runnel.engine.openai;

/** Reads the header of a gzip member (RFC 1952 section 2.3), byte by byte. For one thread. */
final class GzipHeader {

    /** The bytes after a member: its check sum and its length. */
    static final int TRAILER_BYTES = 8;

    private static final int FIXED_BYTES = 10;
    private static final int FLAGS_AT = 3;
    private static final int[] MAGIC = {0x1f, 0x8b, 8};
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private int count;
    private int flags;
    /** Bytes of the optional field that is read, and its length as far as it is known. */
    private int fieldCount;

    private int extraLength;

    /**
     * Reads the next byte.
     *
     * @return whether the header is complete
     * @throws BadUpstreamException if it is not a header
     */
    boolean read(byte b) {
        int value = b & 0xff;
        if (count < FIXED_BYTES) {
            fixed(value);
        } else if ((flags & EXTRA) != 0) {
            extra(value);
        } else if ((flags & (NAME | COMMENT)) != 0) {
            if (value == 0) {
                flags &= (flags & NAME) != 0 ? ~NAME : ~COMMENT;
            }
        } else if ((flags & HEADER_CHECK) != 0 && ++fieldCount == 2) {
            flags = 0;
        }
        return count == FIXED_BYTES && (flags & (EXTRA | NAME | COMMENT | HEADER_CHECK)) == 0;
    }

    private void fixed(int value) {
        if (count < MAGIC.length && value != MAGIC[count]) {
            throw new BadUpstreamException("a body that is not of its content coding");
        }
        flags = count == FLAGS_AT ? value : flags;
        count++;
    }

    private void extra(int value) {
        if (fieldCount < 2) {
            extraLength |= value << (8 * fieldCount);
        }
        fieldCount++;
        if (fieldCount >= 2 && fieldCount == 2 + extraLength) {
            flags &= ~EXTRA;
            fieldCount = 0;
        }
    }

    void reset() {
        count = 0;
        flags = 0;
        fieldCount = 0;
        extraLength = 0;
    }
}
