package dev.runnel.http;

import dev.runnel.http.connection.HeadLimits;
import dev.runnel.net.http1.ContentCodings;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;

/** The service port: its address and the options of its server. */
record ServicePort(HttpSetup setup) {

    /** Any number; Vert.x gives the servers with the same one the same random port. */
    private static final int SHARED_PORT = 1;

    String host() {
        return setup.http().host();
    }

    /** The configured port; 0 for any free one. */
    int number() {
        return setup.http().port();
    }

    SocketAddress address() {
        return number() == 0
                ? SocketAddress.sharedRandomPort(SHARED_PORT, host())
                : SocketAddress.inetSocketAddress(number(), host());
    }

    HttpServerOptions options() {
        HttpServerOptions options =
                new HttpServerOptions().setHost(host()).setPort(address().port());
        // Every answer is written on its connection's event loop, so a connection needs no queue for other threads
        // (5 KB each).
        options.setStrictThreadMode(true);
        // HTTP/2 by ALPN only. Vert.x (5.0.12) keeps the body of an upgrade without a bound: of a broken upgrade for
        // good, of a client that reads no answer as long as it is connected.
        options.setHttp2ClearTextEnabled(false);
        setup.tls().ifPresent(tls -> tls.secure(options));
        return ContentCodings.offer(options)
                .setCompressionSupported(setup.compressors().isOn())
                .setSendBufferSize(setup.http().sendBufferBytes())
                .setMaxInitialLineLength(HeadLimits.REQUEST_LINE_BYTES)
                .setMaxHeaderSize(HeadLimits.HEADER_BYTES)
                .setInitialSettings(http2())
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }

    /** Vert.x's own (5.0.12), but for the headers: it reads 8 KB of them. */
    private static Http2Settings http2() {
        return new HttpServerOptions().getInitialSettings().setMaxHeaderListSize(HeadLimits.HEADER_BYTES);
    }
}
