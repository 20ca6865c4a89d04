package dev.runnel.it;

import dev.runnel.Ports;
import dev.runnel.sse.HttpWire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Who meets a service that is about to stop: an idle connection, new ones with new requests, and a probe. */
final class Latecomers implements AutoCloseable {

    private static final String REQUEST = "{\"prompt\":\"x\",\"maxTokens\":1}";
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Ports ports;
    private final String key;
    private final HttpWire idle;
    private final List<String> problems = new ArrayList<>();

    private CompletableFuture<Boolean> idleClosedFirst = new CompletableFuture<>();
    private int refused;
    private int unheard;
    private boolean notReady;

    Latecomers(Ports ports, String key) {
        this.ports = ports;
        this.key = key;
        this.idle = new HttpWire(ports.http());
    }

    /**
     * Leaves a connection idle that has had an answer.
     *
     * @param othersAreBusy asked when it is closed
     */
    void awaitIdleConnection(BooleanSupplier othersAreBusy) {
        idle.get("/v1/models", HttpWire.bearer(key)).answer();
        idleClosedFirst = CompletableFuture.supplyAsync(() -> idle.isClosedByPeer() && othersAreBusy.getAsBoolean());
    }

    boolean idleClosedFirst() {
        return idleClosedFirst.join();
    }

    /**
     * Asks again and again on new connections, from when the service says that it drains until its port is closed.
     * One that came sooner might still be taken, and wait for its turn all along.
     */
    void comeUntilClosed() {
        boolean listens = awaitNotReady();
        while (listens) {
            byte[] answer = ask(ports.http(), request());
            String text = new String(answer, StandardCharsets.UTF_8);
            if (answer.length == 0) {
                unheard++;
                listens = !ready().isEmpty();
            } else if (text.startsWith("HTTP/1.1 503 ")) {
                refusal(text);
            } else {
                problems.add("a late request: " + text);
            }
        }
    }

    /** Whether the service has shown that it drains; else it has ended. */
    private boolean awaitNotReady() {
        String answer = ready();
        while (!answer.isEmpty() && !answer.contains("\"name\":\"not draining\",\"ok\":false")) {
            answer = ready();
        }
        notReady = !answer.isEmpty();
        return notReady;
    }

    private String ready() {
        byte[] answer = ask(ports.management(), HttpWire.requestHead("GET", "/health/ready", "Connection: close"));
        return new String(answer, StandardCharsets.UTF_8);
    }

    private void refusal(String answer) {
        boolean isRight = answer.contains("\"type\":\"overloaded_error\"")
                && answer.contains("\"code\":\"draining\"")
                && answer.contains("\r\nRetry-After: ")
                && answer.contains("\r\nConnection: close\r\n")
                && answer.endsWith("\n\n");
        if (isRight) {
            refused++;
        } else {
            problems.add("a refusal: " + answer);
        }
    }

    private String request() {
        String length = "Content-Length: " + REQUEST.length();
        return HttpWire.requestHead("POST", "/v1/generate/stream", HttpWire.bearer(key), HttpWire.JSON, length)
                + REQUEST;
    }

    /** Everything that came until the connection was closed; nothing where it was refused. */
    private byte[] ask(int port, String request) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                answer.write(b);
            }
        } catch (IOException e) {
            if (answer.size() > 0) {
                problems.add("an answer that breaks off: " + e + " after " + answer);
            }
        }
        return answer.toByteArray();
    }

    int refused() {
        return refused;
    }

    int unheard() {
        return unheard;
    }

    boolean sawNotReady() {
        return notReady;
    }

    List<String> problems() {
        return problems;
    }

    @Override
    public void close() {
        idle.close();
    }
}
