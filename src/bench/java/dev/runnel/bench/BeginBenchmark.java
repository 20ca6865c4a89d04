package dev.runnel.bench;

import com.sun.management.ThreadMXBean;
import dev.runnel.Runnel;
import dev.runnel.WarmUpTask;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import dev.runnel.config.WarmUpConfig.Compiler;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import dev.runnel.warmup.JvmCompilers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What it costs to begin and to end a stream of one token, on the event loops of the service: bytes that they allocate,
 * and their CPU time. The service relays an upstream server, with keys, limits, metrics and its log. Clients and
 * upstream run on threads of their own, which are not counted.
 *
 * <p>Usage: {@code java -cp … dev.runnel.bench.BeginBenchmark [WARM] [ROUNDS] [STREAMS] [PROMPT]}: streams before the
 * first round, rounds, streams in each of them, and characters of the prompt. Standard output gets the service's log;
 * the result goes to standard error.
 */
public final class BeginBenchmark implements AutoCloseable {

    private static final int CLIENTS = 10;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] END_OF_BODY = ascii("\r\n0\r\n\r\n");
    private static final byte[] ANSWER = answer();

    private static final String CONFIG = """
        http: { port: 0, drain: 0 }
        management: { port: 0 }
        warmUp: { duration: 0 }
        defaultModel: relayed
        models:
          - { name: relayed, engine: openai, upstreams: [ { url: "http://127.0.0.1:%d/v1", model: m } ] }
        plans:
          - { name: standard, requestsPerMinute: 1000000, tokensPerMinute: 100000000, concurrentGenerations: 1000 }
        """;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ExecutorService sockets = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "bench");
        thread.setDaemon(true);
        return thread;
    });
    private final ServerSocket upstream;
    private final Runnel runnel;
    private final byte[] request;

    private BeginBenchmark(Path folder, int promptChars) throws IOException {
        upstream = new ServerSocket(0, CLIENTS, InetAddress.getLoopbackAddress());
        sockets.execute(this::accept);
        Path file = Files.writeString(folder.resolve("bench.yaml"), CONFIG.formatted(upstream.getLocalPort()));
        RunnelConfig config = BenchConfig.read(file, java.util.Map.of("RUNNEL_DATA", folder.toString()));
        runnel = Runnel.start(config, EngineListener.SILENT, WarmUpTask.NONE, new Metrics())
                .await();
        runnel.opened().await();
        String key = runnel.keys()
                .issue(new KeyRequest("bench", "standard", Scope.ALL, Duration.ofHours(1)))
                .token();
        String prompt = "Tell me a story".repeat(1 + promptChars / 15).substring(0, promptChars);
        String body = "{\"prompt\":\"" + prompt + "\",\"maxTokens\":16}";
        request = ascii("POST /v1/generate/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Measures. */
    public static void main(String[] args) throws Exception {
        int warm = args.length > 0 ? Integer.parseInt(args[0]) : 30_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        int streams = args.length > 2 ? Integer.parseInt(args[2]) : 4_000;
        int promptChars = args.length > 3 ? Integer.parseInt(args[3]) : 15;
        JvmCompilers.use(Compiler.AUTO, Runtime.getRuntime().availableProcessors());
        try (var bench = new BeginBenchmark(Files.createTempDirectory("runnel-bench"), promptChars)) {
            bench.run(warm / 2, true);
            bench.run(warm / 2, false);
            for (boolean reuses : new boolean[] {true, false}) {
                Samples bytes = new Samples();
                Samples micros = new Samples();
                for (int round = 0; round < rounds; round++) {
                    Cost cost = bench.run(streams, reuses);
                    bytes.add(cost.bytes() / streams);
                    micros.add(cost.nanos() / 1e3 / streams);
                }
                System.err.printf(
                        Locale.ROOT,
                        "%s connections: %s bytes, %s µs%n",
                        reuses ? "kept" : "new",
                        bytes.show("%.0f"),
                        micros.show("%.1f"));
            }
        }
        System.exit(0);
    }

    /** What all event loops together have used. */
    private record Cost(double bytes, double nanos) {}

    private Cost used() {
        double bytes = 0;
        double nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("vert.x-eventloop-thread")) {
                bytes += threads.getThreadAllocatedBytes(id);
                nanos += threads.getThreadCpuTime(id);
            }
        }
        return new Cost(bytes, nanos);
    }

    private Cost run(int streams, boolean reuses) throws Exception {
        Cost before = used();
        var done = new CountDownLatch(CLIENTS);
        List<Throwable> failures = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            sockets.execute(() -> {
                try {
                    call(streams / CLIENTS, reuses);
                } catch (IOException | RuntimeException e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw new IllegalStateException(failures.get(0));
            }
        }
        Cost after = used();
        return new Cost(after.bytes() - before.bytes(), after.nanos() - before.nanos());
    }

    private void call(int streams, boolean reuses) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        Socket socket = connect();
        try {
            for (int i = 0; i < streams; i++) {
                if (!reuses && i > 0) {
                    socket.close();
                    socket = connect();
                }
                socket.getOutputStream().write(request);
                readAnswer(socket, buffer);
            }
        } finally {
            socket.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), runnel.ports().http());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void readAnswer(Socket socket, byte[] buffer) throws IOException {
        int length = 0;
        while (!endsWith(buffer, length, END_OF_BODY)) {
            int read = socket.getInputStream().read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("cut after: " + new String(buffer, 0, length, StandardCharsets.US_ASCII));
            }
            length += read;
        }
        if (buffer[9] != '2') {
            throw new IOException(new String(buffer, 0, length, StandardCharsets.US_ASCII));
        }
    }

    private static boolean endsWith(byte[] bytes, int length, byte[] end) {
        return length >= end.length && java.util.Arrays.equals(bytes, length - end.length, length, end, 0, end.length);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = upstream.accept();
                socket.setTcpNoDelay(true);
                sockets.execute(() -> answer(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** The body of a request ends with a brace, and so does no part of it that comes alone. */
    private static void answer(Socket socket) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (socket) {
            for (int read = 0; read >= 0; read = socket.getInputStream().read(buffer)) {
                if (read > 0 && buffer[read - 1] == '}') {
                    socket.getOutputStream().write(ANSWER);
                }
            }
        } catch (IOException e) {
            // The service has closed it.
        }
    }

    private static byte[] answer() {
        String before = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                + "\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{";
        String token = before + "\"content\":\" word\"},\"finish_reason\":null}]}\n\n";
        String last = before + "},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":1,\"total_tokens\":9}}\n\ndata: [DONE]\n\n";
        return ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + chunk(token) + chunk(last) + "0\r\n\r\n");
    }

    private static String chunk(String payload) {
        return Integer.toHexString(payload.length()) + "\r\n" + payload + "\r\n";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        runnel.close().await();
        upstream.close();
        sockets.shutdownNow();
    }
}
