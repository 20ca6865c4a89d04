package dev.runnel.conformance.wire;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The server under test.
 *
 * @param base its address; a path is put before the path of each request
 * @param tls the certificates to trust; present for {@code https} only
 * @param timeout the longest time that one connection of a case may last
 */
public record Target(URI base, Optional<SSLContext> tls, Duration timeout) {

    /** The value of the {@code Host} header. */
    public String authority() {
        return base.getPort() < 0 ? base.getHost() : base.getHost() + ":" + base.getPort();
    }

    public String host() {
        return base.getHost();
    }

    public int port() {
        if (base.getPort() >= 0) {
            return base.getPort();
        }
        return tls.isPresent() ? 443 : 80;
    }

    /** The path on the server of a path of the contract. */
    public String path(String path) {
        String prefix = base.getPath() == null ? "" : base.getPath();
        return (prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix) + path;
    }
}
