package dev.runnel.cli.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers each connection with the next script: bytes, then the end of the connection or silence. */
final class CuttingServer implements AutoCloseable {

    private static final String HEAD = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Type: text/event-stream",
            "X-Generation-Id: gen_1",
            "Connection: close",
            "Content-Length: 1000000",
            "",
            "");

    /** The heads of the requests, in their order. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket listener;
    private final Queue<Script> scripts;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param ends whether the connection ends after the bytes */
    record Script(String bytes, boolean ends) {

        static Script cut(String events) {
            return new Script(HEAD + events, true);
        }

        static Script silent(String events) {
            return new Script(HEAD + events, false);
        }

        static Script refused(String status, String json) {
            return new Script(
                    "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + json.length() + "\r\n\r\n"
                            + json,
                    true);
        }
    }

    CuttingServer(Script... scripts) throws IOException {
        this.scripts = new ArrayDeque<>(List.of(scripts));
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                answer(listener.accept());
            }
        } catch (SocketException e) {
            // It is closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(Socket client) throws IOException {
        open.add(client);
        BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        requests.add(head.toString());
        Script script = scripts.remove();
        client.getOutputStream().write(script.bytes().getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        if (script.ends()) {
            client.shutdownOutput();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
