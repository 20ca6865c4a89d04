package dev.runnel.cluster;

import dev.runnel.config.ClusterConfig;
import dev.runnel.config.ClusterTlsConfig;
import dev.runnel.net.Pem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Set;

/** The settings of the event bus between nodes. */
final class BusSettings {

    private static final int CONNECT_MILLIS = 2_000;

    private BusSettings() {}

    /**
     * Reads the files of {@code cluster.tls}.
     *
     * @throws ClusterException if one cannot be used
     */
    static EventBusOptions of(ClusterConfig cluster) {
        EventBusOptions options = new EventBusOptions()
                .setHost(cluster.host())
                .setPort(cluster.busPort())
                .setConnectTimeout(CONNECT_MILLIS)
                .setReconnectAttempts(0);
        cluster.tls().ifPresent(tls -> secure(options, tls));
        return options;
    }

    /**
     * Both sides show a certificate of the authority. Vert.x (5.0.12) does not compare it with the address: the
     * authority has to sign certificates of nodes only.
     */
    private static void secure(EventBusOptions options, ClusterTlsConfig tls) {
        Buffer certificate = certificates("certificateFile", tls.certificateFile());
        Buffer key = read("keyFile", tls.keyFile());
        Buffer trusted = certificates("trustFile", tls.trustFile());
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertValue(Pem.withoutByteOrderMark(certificate))
                        .setKeyValue(Pem.withoutByteOrderMark(key)))
                .setTrustOptions(new PemTrustOptions().addCertValue(Pem.withoutByteOrderMark(trusted)))
                .setTrustAll(false)
                .setClientAuth(ClientAuth.REQUIRED)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    }

    private static Buffer certificates(String name, Path file) {
        Buffer content = read(name, file);
        try {
            Pem.certificates(content);
            return content;
        } catch (CertificateException e) {
            throw new ClusterException("cluster.tls." + name + ": " + file + " (expected: certificates in PEM)", e);
        }
    }

    private static Buffer read(String name, Path file) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ClusterException("cluster.tls." + name + ": " + file + " (expected: a file that can be read)", e);
        }
    }
}
