package dev.runnel.model;

import java.io.IOException;

/** The types of a metadata value, by their number in the file. */
enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final GgufType[] ALL = values();

    private final int bytes;

    GgufType(int bytes) {
        this.bytes = bytes;
    }

    static GgufType read(GgufInput in, String field) throws IOException {
        long number = in.u32(field);
        return ALL[(int) new GgufRange(0, ALL.length - 1).checked(field + ": type", number)];
    }

    /** The size of a value; 0 if it has no fixed one. */
    int bytes() {
        return bytes;
    }

    boolean isSigned() {
        return this == INT8 || this == INT16 || this == INT32 || this == INT64;
    }

    /** Whether it is an integer; a {@link #BOOL} is 0 or 1. */
    boolean isWhole() {
        return bytes > 0 && this != FLOAT32 && this != FLOAT64;
    }
}
