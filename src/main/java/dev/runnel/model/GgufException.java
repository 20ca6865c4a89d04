package dev.runnel.model;

import java.io.IOException;

/** A file is not a GGUF file, or its head is damaged. The message is one line that names the field and its value. */
public final class GgufException extends IOException {

    private static final long serialVersionUID = 1L;

    GgufException(String field, Object value, String expected) {
        super(field + ": " + value + " (expected: " + expected + ")");
    }
}
