package dev.runnel.bench.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Connections that send nothing. */
final class IdleConnections implements Attack {

    private static final int CONNECT_MILLIS = 1_000;
    /** The end of a connection that the service has closed is there already. */
    private static final int LOOK_MILLIS = 1;

    private final List<Socket> sockets = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    /** Opens them, one after another. */
    static IdleConnections open(int port, int count) {
        IdleConnections all = new IdleConnections();
        for (int i = 0; i < count; i++) {
            all.open(port);
        }
        return all;
    }

    private void open(int port) {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            sockets.add(socket);
        } catch (IOException e) {
            count("no connection");
        }
    }

    private void count(String got) {
        counts.merge(got, 1, Integer::sum);
    }

    @Override
    public Map<String, Integer> counts() {
        return counts;
    }

    @Override
    public void close() {
        for (Socket socket : sockets) {
            try (socket) {
                socket.setSoTimeout(LOOK_MILLIS);
                count(socket.getInputStream().read() < 0 ? "closed" : "answered");
            } catch (SocketTimeoutException e) {
                count("still open");
            } catch (IOException e) {
                count("closed");
            }
        }
    }
}
