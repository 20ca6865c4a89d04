package dev.runnel.conformance.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Reads a socket until a deadline and records what came. */
final class TimedInput extends InputStream {

    private static final int BUFFER_BYTES = 8192;

    private final Socket socket;
    private final InputStream in;
    private final Transcript transcript;
    private final long deadlineNanos;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    TimedInput(Socket socket, Transcript transcript, Duration timeout) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.transcript = transcript;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public int read() throws IOException {
        if (at == end && !fill(millisLeft())) {
            return -1;
        }
        return buffer[at++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0 && at == end && !fill(millisLeft())) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, bytes, offset, count);
        at += count;
        return count;
    }

    /**
     * Whether a byte or the end of the connection comes within a time.
     *
     * @param millis more than 0
     */
    boolean isReadyWithin(int millis) throws IOException {
        if (at < end) {
            return true;
        }
        try {
            fill(Math.min(millis, millisLeft()));
            return true;
        } catch (SocketTimeoutException silent) {
            return false;
        }
    }

    private boolean fill(int millis) throws IOException {
        socket.setSoTimeout(millis);
        int count = in.read(buffer);
        if (count < 0) {
            return false;
        }
        transcript.received(buffer, count);
        at = 0;
        end = count;
        return true;
    }

    private int millisLeft() throws SocketTimeoutException {
        long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("the time of the case is over");
        }
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }
}
