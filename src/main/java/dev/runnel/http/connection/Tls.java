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
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one port, shared by the verticle instances that listen on it. The files are looked at again and again: a new pair is
 * used by every connection from then on, and one that cannot be used changes nothing.
 */
public final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final String setting;
    private final TlsConfig config;
    private final PemPair files;
    private final AtomicBoolean watched = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();

    private volatile PemKeyCertOptions current;
    /** Written by one look at a time. */
    private volatile String lastComplaint = "";

    private Tls(String setting, TlsConfig config, PemPair files, PemKeyCertOptions current) {
        this.setting = setting;
        this.config = config;
        this.files = files;
        this.current = current;
    }

    /**
     * Reads the files, if there are to be any.
     *
     * @param setting what complaints and the log call it, {@code http.tls}
     * @return fails with one line of why they cannot be used
     */
    public static Future<Optional<Tls>> open(Vertx vertx, String setting, Optional<TlsConfig> config) {
        return config.map(given -> open(vertx, setting, given).map(Optional::of))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private static Future<Tls> open(Vertx vertx, String setting, TlsConfig config) {
        PemPair files = new PemPair(setting, config);
        return vertx.executeBlocking(() -> files.read(vertx)).map(pair -> new Tls(setting, config, files, pair));
    }

    /** Makes the server speak TLS 1.2 and 1.3, and in it HTTP/2 with whoever offers that (ALPN), else HTTP/1.1. */
    public void secure(HttpServerOptions options) {
        options.setSsl(true).setUseAlpn(true).setKeyCertOptions(current).setEnabledSecureTransportProtocols(PROTOCOLS);
    }

    /** Begins to look at the files, on behalf of the first server of the port. Called on its context, which ends it. */
    public void watch(Vertx vertx, HttpServer server) {
        if (watched.compareAndSet(false, true)) {
            vertx.setPeriodic(config.refresh().toMillis(), again -> look(vertx, server));
        }
    }

    private void look(Vertx vertx, HttpServer server) {
        if (looking.compareAndSet(false, true)) {
            vertx.executeBlocking(() -> files.read(vertx))
                    .compose(found -> found.equals(current) ? Future.succeededFuture() : use(server, found))
                    .onSuccess(done -> lastComplaint = "")
                    .onFailure(this::complain)
                    .onComplete(done -> looking.set(false));
        }
    }

    private Future<Void> use(HttpServer server, PemKeyCertOptions found) {
        ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(found);
        options.setUseAlpn(true).setEnabledSecureTransportProtocols(PROTOCOLS);
        return server.updateSSLOptions(options).map(updated -> {
            current = found;
            LOG.info("{}: new connections get the new certificate", setting);
            return null;
        });
    }

    /** Once for each thing that is wrong, not once for each look. */
    private void complain(Throwable failure) {
        String complaint = String.valueOf(failure.getMessage());
        if (!complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.warn("{}; the certificate before it stays in use", complaint);
        }
    }
}
