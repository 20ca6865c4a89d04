package dev.runnel.http.stream;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Stands between a client and a server for one connection. Shut, it takes no more from the server. */
final class Valve {

    private static final int SMALL_BYTES = 4096;

    private final NetServer clients;
    private final Future<NetSocket> server;

    /** An open one in front of a port. */
    Valve(Vertx vertx, int port) throws TimeoutException {
        NetClient client = vertx.createNetClient(new NetClientOptions().setReceiveBufferSize(SMALL_BYTES));
        server = client.connect(port, "127.0.0.1");
        clients = vertx.createNetServer().connectHandler(this::connect);
        clients.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
    }

    private void connect(NetSocket accepted) {
        accepted.pause();
        server.onSuccess(socket -> {
            accepted.pipeTo(socket);
            socket.pipeTo(accepted);
        });
    }

    /** Where the client connects to. */
    int port() {
        return clients.actualPort();
    }

    void shut() throws TimeoutException {
        server.await(10, TimeUnit.SECONDS).pause();
    }

    void open() throws TimeoutException {
        server.await(10, TimeUnit.SECONDS).resume();
    }
}
