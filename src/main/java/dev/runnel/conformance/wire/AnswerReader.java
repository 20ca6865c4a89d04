package dev.runnel.conformance.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads answers of HTTP/1.1 one after another (RFC 9112), with the borders of their chunks. */
final class AnswerReader {

    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_PART = 64 * 1024 * 1024;

    private final InputStream in;
    private Framing framing = new None();
    private boolean isComplete;
    private boolean isClosing;

    private sealed interface Framing permits None, Chunked, Sized, UntilClose {}

    private record None() implements Framing {}

    private record Chunked() implements Framing {}

    private record Sized(int bytes) implements Framing {}

    private record UntilClose() implements Framing {}

    AnswerReader(InputStream in) {
        this.in = in;
    }

    /** Reads the next head, without those of status 1xx. */
    Head finalHead(boolean isHead) throws IOException {
        Head head = nextHead();
        while (head.status() / 100 == 1) {
            head = nextHead();
        }
        isClosing = head.header("Connection").filter("close"::equalsIgnoreCase).isPresent();
        framing = isHead ? new None() : framingOf(head);
        isComplete = framing instanceof None;
        return head;
    }

    private Head nextHead() throws IOException {
        try {
            return head();
        } catch (EOFException | SocketException closed) {
            throw isClosing ? new AnnouncedCloseException() : closed;
        }
    }

    /** Reads the next head, whatever its status. */
    Head head() throws IOException {
        String[] status = line().split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("\\d{3}")) {
            throw new Unmet("a status line of HTTP/1.1", String.join(" ", status));
        }
        List<Header> headers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new Unmet("a header line", line);
            }
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Head(Integer.parseInt(status[1]), headers);
    }

    private static Framing framingOf(Head head) {
        if (head.hasNoBody()) {
            return new None();
        }
        if (head.isChunked()) {
            return new Chunked();
        }
        return head.header("Content-Length")
                .<Framing>map(length -> new Sized(Integer.parseInt(length)))
                .orElseGet(UntilClose::new);
    }

    /** The next chunk of the body, or the whole body where it is not chunked; empty at its end. */
    Optional<byte[]> part() throws IOException {
        Framing now = framing;
        if (now instanceof Chunked) {
            return chunk();
        }
        framing = new None();
        if (now instanceof Sized sized) {
            byte[] body = exactly(sized.bytes());
            isComplete = body.length == sized.bytes();
            return Optional.of(body).filter(bytes -> bytes.length > 0);
        }
        if (now instanceof UntilClose) {
            isComplete = true;
            return Optional.of(in.readAllBytes()).filter(bytes -> bytes.length > 0);
        }
        return Optional.empty();
    }

    /** Whether the body has ended as its framing says. */
    boolean isComplete() {
        return isComplete;
    }

    private Optional<byte[]> chunk() throws IOException {
        String size;
        try {
            size = line();
        } catch (EOFException cut) {
            framing = new None();
            return Optional.empty();
        }
        int bytes = chunkSize(size);
        byte[] chunk = exactly(bytes);
        if (chunk.length < bytes) {
            framing = new None();
            return Optional.of(chunk).filter(part -> part.length > 0);
        }
        if (bytes > 0) {
            line();
            return Optional.of(chunk);
        }
        framing = new None();
        while (!line().isEmpty()) {
            // Trailers mean nothing in this contract.
        }
        isComplete = true;
        return Optional.empty();
    }

    private static int chunkSize(String line) {
        try {
            int bytes = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            if (bytes >= 0 && bytes <= MAX_PART) {
                return bytes;
            }
        } catch (NumberFormatException notHex) {
            // The same fault as a size out of range.
        }
        throw new Unmet("the size of a chunk", line);
    }

    private byte[] exactly(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.size() == MAX_LINE) {
                throw new Unmet("a line of at most " + MAX_LINE + " bytes", line.toString(StandardCharsets.UTF_8));
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
