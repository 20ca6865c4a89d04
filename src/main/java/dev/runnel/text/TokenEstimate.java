package dev.runnel.text;

/**
 * The number of tokens where it is not known (yet): 4 bytes of UTF-8 each, rounded up. Admission reserves it, and an
 * upstream that reports no usage is charged by it.
 */
public final class TokenEstimate {

    private static final int BYTES_PER_TOKEN = 4;

    private TokenEstimate() {}

    /**
     * The tokens of a text.
     *
     * @param utf8Bytes its length in UTF-8, 0 or more
     * @return 0 or more
     */
    public static long ofBytes(long utf8Bytes) {
        return utf8Bytes / BYTES_PER_TOKEN + (utf8Bytes % BYTES_PER_TOKEN == 0 ? 0 : 1);
    }
}
