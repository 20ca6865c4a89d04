package dev.runnel;

import dev.runnel.config.RunnelConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who can listen in. */
public final class PlaintextWarning {

    private PlaintextWarning() {}

    /** One line where keys and texts leave this machine as they are. */
    static Optional<String> warning(RunnelConfig config) {
        List<String> open = new ArrayList<>();
        if (config.http().tls().isEmpty() && !isLoopback(config.http().host())) {
            open.add("http.host: " + config.http().host() + " without http.tls");
        }
        if (config.management().tls().isEmpty()
                && !isLoopback(config.management().host())) {
            open.add("management.host: " + config.management().host() + " without management.tls");
        }
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", open)
                        + ": whoever is on the way can read keys and texts (fine behind a proxy that speaks TLS)");
    }

    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
