package dev.runnel.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Forwards connections to a port. Cuts each of the first ones after some bytes of its answers, and all on demand. */
final class CuttingProxy implements AutoCloseable {

    private static final int SHORTEST_BYTES = 100;
    private static final int LONGEST_BYTES = 900;

    private final ServerSocket listener;
    private final int target;
    private final int toCut;
    private final IntSupplier answerBytes;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    CuttingProxy(int target, int toCut, long seed) throws IOException {
        this(target, toCut, randomBytes(new Random(seed)));
    }

    private CuttingProxy(int target, int toCut, IntSupplier answerBytes) throws IOException {
        this.listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        this.target = target;
        this.toCut = toCut;
        this.answerBytes = answerBytes;
        threads.execute(this::accept);
    }

    /** One that cuts every connection after this many bytes of its answers. */
    static CuttingProxy always(int target, int bytes) throws IOException {
        return new CuttingProxy(target, Integer.MAX_VALUE, () -> bytes);
    }

    private static IntSupplier randomBytes(Random random) {
        return () -> SHORTEST_BYTES + random.nextInt(LONGEST_BYTES - SHORTEST_BYTES);
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections were cut. */
    int cut() {
        return cut.get();
    }

    /** Cuts all connections that are open now. */
    void cutAll() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                clients.add(client);
                boolean isCut = accepted.getAndIncrement() < toCut;
                int bytes = answerBytes.getAsInt();
                threads.execute(() -> forward(client, isCut ? bytes : Integer.MAX_VALUE));
            }
        } catch (IOException closed) {
            // The proxy is closed.
        }
    }

    private void forward(Socket client, int answerBytes) {
        try (client;
                Socket service = new Socket(InetAddress.getLoopbackAddress(), target)) {
            threads.execute(() -> copy(client, service, Integer.MAX_VALUE));
            if (copy(service, client, answerBytes) == answerBytes) {
                cut.incrementAndGet();
            }
        } catch (IOException gone) {
            // One side has left.
        } finally {
            clients.remove(client);
        }
    }

    /** Copies up to a number of bytes; returns how many it were. */
    private static int copy(Socket from, Socket to, int most) {
        int copied = 0;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[1024];
            while (copied < most) {
                int read = in.read(bytes, 0, Math.min(bytes.length, most - copied));
                if (read < 0) {
                    return copied;
                }
                out.write(bytes, 0, read);
                copied += read;
            }
        } catch (IOException gone) {
            // One side has left.
        }
        return copied;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
