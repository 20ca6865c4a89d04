package dev.runnel.sse;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * A client that sends exactly the given bytes, and shows answers down to their chunks. A read that lasts 20 s fails.
 */
public final class HttpWire implements StreamWire {

    /** The header line of a body of JSON. */
    public static final String JSON = "Content-Type: application/json";

    private static final int READ_TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    /**
     * An answer.
     *
     * @param headers by name in any case; the last one of a name counts
     * @param chunks the body's chunks, or the body alone where there are none
     */
    public record Answer(int status, Map<String, String> headers, List<byte[]> chunks) {

        public byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            chunks.forEach(all::writeBytes);
            return all.toByteArray();
        }

        public String body() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    public HttpWire(int port) {
        this(port, 0);
    }

    /** To another address than that of loopback. */
    public HttpWire(String host, int port) {
        this(new InetSocketAddress(host, port), 0);
    }

    /** With a receive buffer of about that many bytes, so that the other side is soon stuck while nothing is read. */
    public HttpWire(int port, int receiveBufferBytes) {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), receiveBufferBytes);
    }

    private HttpWire(InetSocketAddress address, int receiveBufferBytes) {
        try {
            socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.connect(address);
            in = new BufferedInputStream(socket.getInputStream(), 8192);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With TLS, to the name {@code localhost}. */
    public HttpWire(int port, SSLContext tls) {
        try {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
            socket = tls.getSocketFactory().createSocket(plain, "localhost", port, true);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 8192);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpWire send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public HttpWire send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpWire get(String path, String... headers) {
        return send(requestHead("GET", path, headers));
    }

    /** A POST of JSON with a key, in one write: a server that refuses the head may close before a second one. */
    public HttpWire post(String path, String key, String json, String... headers) {
        return post(path, key, json.getBytes(StandardCharsets.UTF_8), headers);
    }

    public HttpWire delete(String path, String... headers) {
        return send(requestHead("DELETE", path, headers));
    }

    public HttpWire post(String path, String key, byte[] json, String... headers) {
        List<String> all = new ArrayList<>(List.of("Content-Length: " + json.length));
        all.addAll(List.of(headers));
        byte[] head = postHead(path, key, all.toArray(String[]::new)).getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + json.length);
        System.arraycopy(json, 0, request, head.length, json.length);
        return send(request);
    }

    /** The head of a POST of JSON with a key. */
    public static String postHead(String path, String key, String... headers) {
        List<String> all = new ArrayList<>(List.of(bearer(key), JSON));
        all.addAll(List.of(headers));
        return requestHead("POST", path, all.toArray(String[]::new));
    }

    /** A request to its empty line, with a Host and these further lines. */
    public static String requestHead(String method, String path, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head + "\r\n";
    }

    /** The header line that carries a key. */
    public static String bearer(String key) {
        return "Authorization: Bearer " + key;
    }

    /** Reads one answer to its end. */
    public Answer answer() {
        Answer head = head();
        try {
            List<byte[]> chunks = new ArrayList<>();
            if ("chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
                for (Optional<byte[]> chunk = chunk(); chunk.isPresent(); chunk = chunk()) {
                    chunks.add(chunk.get());
                }
            } else if (head.headers().containsKey("content-length")) {
                chunks.add(exactly(Integer.parseInt(head.header("content-length"))));
            } else if (head.status() >= 200 && head.status() != 204) {
                chunks.add(in.readAllBytes());
            }
            return new Answer(head.status(), head.headers(), List.copyOf(chunks));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Answer head() {
        try {
            String statusLine = line();
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
            return new Answer(Integer.parseInt(statusLine.substring(9, 12)), headers, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> chunk() {
        try {
            int size = Integer.parseInt(line(), 16);
            byte[] chunk = exactly(size);
            line();
            return size == 0 ? Optional.empty() : Optional.of(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the rest of a body of chunks, as text. */
    public String rest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<byte[]> chunk = chunk(); chunk.isPresent(); chunk = chunk()) {
            all.writeBytes(chunk.get());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Reads one chunk, a part at a time. */
    public byte[] chunkInParts(int partBytes, Runnable betweenParts) {
        try {
            byte[] chunk = inParts(Integer.parseInt(line(), 16), partBytes, betweenParts);
            line();
            return chunk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a body of a known length as text, a part at a time. */
    public String textInParts(int size, int partBytes, Runnable betweenParts) {
        try {
            return new String(inParts(size, partBytes, betweenParts), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] inParts(int size, int partBytes, Runnable betweenParts) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        while (whole.size() < size) {
            betweenParts.run();
            whole.writeBytes(exactly(Math.min(partBytes, size - whole.size())));
        }
        return whole.toByteArray();
    }

    /** Reads one chunk as text. */
    public String event() {
        return new String(chunk().orElseThrow(), StandardCharsets.UTF_8);
    }

    /** Whether the other side ends the connection in good order, perhaps after more bytes: it does not reset it. */
    public boolean isEndedByPeer() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException resetOrLate) {
            return false;
        }
    }

    /** Whether the other side closes or resets the connection, perhaps after more bytes. */
    public boolean isClosedByPeer() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Closes with a reset: what is under way is lost. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the end of the client's side and reads on. */
    public void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("a body that ends after " + bytes.length + " of " + size + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection ended in a line: " + line.toString(StandardCharsets.UTF_8));
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
