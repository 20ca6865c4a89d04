package dev.runnel.model;

/**
 * The values that a field of a GGUF file may have.
 *
 * @param least the smallest one
 * @param most the largest one
 */
record GgufRange(long least, long most) {

    boolean has(long value) {
        return value >= least && value <= most;
    }

    /** The same value. */
    long checked(String field, long value) throws GgufException {
        return checked(field, value, "");
    }

    /** The same value. The unit follows it in the message. */
    long checked(String field, long value, String unit) throws GgufException {
        if (!has(value)) {
            throw new GgufException(field, value + unit, inWords());
        }
        return value;
    }

    String inWords() {
        return least + "-" + most;
    }
}
