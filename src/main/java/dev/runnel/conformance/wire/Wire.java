package dev.runnel.conformance.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection to the server, over which a case sends any bytes. It is read until the timeout of the target. */
public final class Wire implements AutoCloseable {

    private final Socket socket;
    private final OutputStream out;
    private final TimedInput in;
    private final AnswerReader reader;
    private final Target target;
    private final Transcript transcript;

    private Wire(Socket socket, Target target, Transcript transcript) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.in = new TimedInput(socket, transcript, target.timeout());
        this.reader = new AnswerReader(in);
        this.target = target;
        this.transcript = transcript;
    }

    public static Wire open(Target target, Transcript transcript) throws IOException {
        return open(target, transcript, 0);
    }

    /**
     * Connects.
     *
     * @param receiveBytes the receive buffer of the socket; 0 is the system's default
     */
    public static Wire open(Target target, Transcript transcript, int receiveBytes) throws IOException {
        transcript.opened();
        Socket socket = new Socket();
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(target.host(), target.port()), (int)
                    target.timeout().toMillis());
            return new Wire(
                    target.tls().isPresent()
                            ? secured(socket, target, target.tls().get())
                            : socket,
                    target,
                    transcript);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, Target target, SSLContext tls) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, target.host(), target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    public Wire send(Request request) throws IOException {
        return send(request.bytes(target));
    }

    public Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public Wire send(byte[] bytes) throws IOException {
        transcript.sent(bytes);
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Reads one answer to its end. A body that is cut gives an answer that is not complete. */
    public Answer answer() throws IOException {
        return rest(head());
    }

    /** Reads the answer to a {@code HEAD} request, which has no body. */
    public Answer answerWithoutBody() throws IOException {
        return rest(reader.finalHead(true));
    }

    /** Reads the head of the next answer, without those of status 1xx. */
    public Head head() throws IOException {
        return reader.finalHead(false);
    }

    /** Reads the next head, also one of status 1xx. */
    public Head anyHead() throws IOException {
        return reader.head();
    }

    /** The next chunk of a body; empty at its end. */
    public Optional<byte[]> part() throws IOException {
        return reader.part();
    }

    /** Reads the rest of an answer whose head was read. */
    public Answer rest(Head head) throws IOException {
        List<byte[]> chunks = new ArrayList<>();
        try {
            for (Optional<byte[]> part = part(); part.isPresent(); part = part()) {
                chunks.add(part.get());
            }
        } catch (SocketTimeoutException late) {
            throw late;
        } catch (IOException cut) {
            transcript.note("the connection was cut: " + cut.getMessage());
        }
        return new Answer(head, chunks, reader.isComplete());
    }

    /** Whether a byte, or the end of the connection, comes within a time. */
    public boolean isReadyWithin(int millis) throws IOException {
        return in.isReadyWithin(millis);
    }

    /** Whether the server closes the connection without another byte, before the timeout. */
    public boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException late) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** An answer, or empty where the server closed the connection without one. */
    public Optional<Answer> answerIfAny() throws IOException {
        try {
            return Optional.of(answer());
        } catch (SocketTimeoutException late) {
            throw late;
        } catch (EOFException | SocketException closed) {
            return Optional.empty();
        }
    }

    /** Closes the client's direction only. */
    public void halfClose() throws IOException {
        transcript.note("the client closes its direction of the connection");
        socket.shutdownOutput();
    }

    /** Closes the connection with a reset in place of an orderly end. */
    public void reset() throws IOException {
        transcript.note("the client resets the connection");
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
