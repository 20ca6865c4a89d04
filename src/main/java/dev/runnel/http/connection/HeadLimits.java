package dev.runnel.http.connection;

/** How long the head of a request may be. */
public final class HeadLimits {

    /** Over HTTP/1. */
    public static final int REQUEST_LINE_BYTES = 4096;

    /** All headers together; over HTTP/2 as RFC 9113, section 6.5.2, counts them. */
    public static final int HEADER_BYTES = 16 * 1024;

    private HeadLimits() {}
}
