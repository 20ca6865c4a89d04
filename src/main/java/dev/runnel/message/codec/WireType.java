package dev.runnel.message.codec;

/** How a field's value stands on the wire (Protocol Buffers, "Encoding", message structure). */
final class WireType {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    /** A field starts with its number and type in one varint. The type has the lowest bits. */
    static final int BITS = 3;

    private WireType() {}
}
