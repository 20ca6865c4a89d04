package dev.runnel;

import dev.runnel.config.RunnelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Warns about ports that send keys and texts over a network without TLS. */
final class PlaintextWarning {

    private PlaintextWarning() {}

    /** One line if keys and texts leave this machine unencrypted. */
    static Optional<String> warning(RunnelConfig config) {
        List<String> open = new ArrayList<>();
        if (config.http().tls().isEmpty() && !Loopback.has(config.http().host())) {
            open.add("http.host: " + config.http().host() + " without http.tls");
        }
        if (config.management().tls().isEmpty()
                && !Loopback.has(config.management().host())) {
            open.add("management.host: " + config.management().host() + " without management.tls");
        }
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", open)
                        + ": keys and texts are not encrypted on the network (safe behind a proxy that uses TLS)");
    }
}
