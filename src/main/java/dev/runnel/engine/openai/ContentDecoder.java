package dev.runnel.engine.openai;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes a body that an upstream compressed although {@code identity} was requested. It knows gzip (RFC 1952), and
 * deflate with or without the zlib wrapper (RFC 9110 section 8.4.1.2). For one thread.
 */
final class ContentDecoder implements AutoCloseable {

    /**
     * The most bytes that one read of 16 KiB may become, since the event loop parses a decoded read at once. A stream
     * whose events differ only in a word each was measured to shrink to a 57th.
     */
    static final int LIMIT_BYTES = 1 << 20;

    private static final int ZLIB_METHOD = 8;
    private static final int ZLIB_CHECK = 31;

    /** Receives the decoded bytes. */
    @FunctionalInterface
    interface Output {

        /** The next bytes, from 0 to before {@code end}; valid during the call. */
        void write(byte[] bytes, int end);
    }

    private final boolean gzip;
    private final byte[] decoded = new byte[ParseBuffers.READ_BYTES];
    private final GzipHeader header = new GzipHeader();

    private Inflater inflater = new Inflater(true);
    private boolean started;
    /** Whether the deflate stream has ended. What follows it belongs to nothing. */
    private boolean ended;
    /** How many bytes of a gzip member's trailer are left. */
    private int trailer;

    private ContentDecoder(boolean gzip) {
        this.gzip = gzip;
    }

    /** Whether a body with this content coding can be decoded. */
    static boolean knows(String coding) {
        return coding.equals("gzip") || coding.equals("x-gzip") || coding.equals("deflate");
    }

    static ContentDecoder of(String coding) {
        return new ContentDecoder(!coding.equals("deflate"));
    }

    /**
     * Decodes the next bytes.
     *
     * @throws BadUpstreamException if they are not of the coding, or decode to too many bytes
     */
    void decode(byte[] bytes, int from, int end, Output output) {
        int at = from;
        int left = LIMIT_BYTES;
        while (at < end && !ended) {
            if (trailer > 0) {
                trailer--;
                at++;
            } else if (!started) {
                at = start(bytes, at, end);
            } else {
                inflater.setInput(bytes, at, end - at);
                left = inflate(output, left);
                at = end - inflater.getRemaining();
                if (inflater.finished()) {
                    finishMember();
                }
            }
        }
    }

    private int start(byte[] bytes, int at, int end) {
        if (gzip) {
            started = header.read(bytes[at]);
            return at + 1;
        }
        started = true;
        boolean wrapped = (bytes[at] & 0x0f) == ZLIB_METHOD
                && (end - at < 2 || ((bytes[at] & 0xff) * 256 + (bytes[at + 1] & 0xff)) % ZLIB_CHECK == 0);
        if (wrapped) {
            inflater.end();
            inflater = new Inflater(false);
        }
        return at;
    }

    private int inflate(Output output, int allowed) {
        int left = allowed;
        try {
            int length;
            while ((length = inflater.inflate(decoded)) > 0) {
                left -= length;
                if (left < 0) {
                    throw new BadUpstreamException("a compressed body that grows too much");
                }
                output.write(decoded, length);
            }
        } catch (DataFormatException e) {
            throw new BadUpstreamException("a body that is not of its content coding");
        }
        if (inflater.needsDictionary()) {
            throw new BadUpstreamException("a body that is not of its content coding");
        }
        return left;
    }

    private void finishMember() {
        ended = !gzip;
        inflater.reset();
        header.reset();
        started = false;
        trailer = GzipHeader.TRAILER_BYTES;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
