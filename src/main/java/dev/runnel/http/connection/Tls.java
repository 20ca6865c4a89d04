package dev.runnel.http.connection;

import dev.runnel.config.TlsConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one port, shared by the verticle instances that listen on it. The files are checked periodically. Every later
 * connection uses a new pair; a pair that cannot be used changes nothing.
 */
public final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
    /** Long enough for two packets that are sent again. */
    private static final int HANDSHAKE_SECONDS = 5;

    private final String setting;
    private final TlsConfig config;
    private final PemPair files;
    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicBoolean checking = new AtomicBoolean();

    private volatile PemKeyCertOptions current;
    /** Written by one check at a time. */
    private volatile String lastProblem = "";

    private Tls(String setting, TlsConfig config, PemPair files, PemKeyCertOptions current) {
        this.setting = setting;
        this.config = config;
        this.files = files;
        this.current = current;
    }

    /**
     * Reads the files, if the configuration names any.
     *
     * @param setting its name in messages and in the log, {@code http.tls}
     * @return fails with a one-line reason if they cannot be used
     */
    public static Future<Optional<Tls>> open(Vertx vertx, String setting, Optional<TlsConfig> config) {
        return config.map(given -> open(vertx, setting, given).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private static Future<Tls> open(Vertx vertx, String setting, TlsConfig config) {
        PemPair files = new PemPair(setting, config);
        return vertx.executeBlocking(() -> files.read(vertx)).map(pair -> new Tls(setting, config, files, pair));
    }

    /** Makes the server use TLS 1.2 and 1.3, with HTTP/2 for clients that offer it (ALPN), else HTTP/1.1. */
    public void secure(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(current)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }

    /**
     * Starts to check the files, for the first server of the port. Called on the server's context; ends with that
     * context.
     */
    public void watch(Vertx vertx, HttpServer server) {
        if (watched.compareAndSet(false, true)) {
            vertx.setPeriodic(config.refresh().toMillis(), timer -> check(vertx, server));
        }
    }

    private void check(Vertx vertx, HttpServer server) {
        if (checking.compareAndSet(false, true)) {
            vertx.executeBlocking(() -> files.read(vertx))
                    .compose(found -> found.equals(current) ? Future.succeededFuture() : use(server, found))
                    .onSuccess(done -> lastProblem = "")
                    .onFailure(this::warn)
                    .onComplete(done -> checking.set(false));
        }
    }

    private Future<Void> use(HttpServer server, PemKeyCertOptions found) {
        ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(found);
        options.setUseAlpn(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        return server.updateSSLOptions(options).map(updated -> {
            current = found;
            LOG.info("{}: new connections use the new certificate", setting);
            return null;
        });
    }

    /** Once for each problem, not once for each check. */
    private void warn(Throwable failure) {
        String problem = String.valueOf(failure.getMessage());
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            LOG.warn("{}; the previous certificate stays in use", problem);
        }
    }
}
