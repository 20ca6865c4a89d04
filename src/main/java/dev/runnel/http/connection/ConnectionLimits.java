package dev.runnel.http.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.runnel.config.AddressBlock;
import dev.runnel.config.ConnectionConfig;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections a port accepts.
 *
 * @param total 1 or more
 * @param perAddress 1 or more
 * @param withoutKey the most connections without a request whose key was valid, 1 or more
 * @param trustedProxies addresses without the limit {@code perAddress}
 */
public record ConnectionLimits(int total, int perAddress, int withoutKey, List<AddressBlock> trustedProxies) {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    /** An idle connection needs about 10 KB, more with TLS and while it streams. */
    private static final int MAX_BY_DEFAULT = 50_000;
    /**
     * Descriptors for all that is not a client's connection or an upstream's: about 150 are open all the time, and
     * {@link #MANAGEMENT} more may be.
     */
    private static final int RESERVED_DESCRIPTORS = 200;
    /** Several scrapers and probes, each with a connection that it keeps; with the files it fits into the reserve. */
    static final int MANAGEMENT = 32;

    /** A relayed stream has one descriptor here and one upstream. */
    private static final int DESCRIPTORS_PER_CONNECTION = 2;

    private static final int CONNECTIONS_PER_ONE_WITHOUT_KEY = 4;

    public ConnectionLimits {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** The limits of this process. Logs a limit that its open files do not allow. */
    public static ConnectionLimits ofProcess(ConnectionConfig config) {
        return of(config, descriptors());
    }

    /** @param descriptors how many files the process may open */
    static ConnectionLimits of(ConnectionConfig config, long descriptors) {
        long most = Math.max(1, (descriptors - RESERVED_DESCRIPTORS) / DESCRIPTORS_PER_CONNECTION);
        int total = config.total().orElse((int) Math.min(MAX_BY_DEFAULT, most));
        if (total > most) {
            LOG.warn(
                    "http.connections: {} (expected: at most {} with the {} files that the process may open;"
                            + " see ulimit -n)",
                    total,
                    most,
                    descriptors);
        }
        int withoutKey = config.withoutKey().orElse(Math.max(1, total / CONNECTIONS_PER_ONE_WITHOUT_KEY));
        return new ConnectionLimits(total, config.perAddress(), withoutKey, config.trustedProxies());
    }

    /** The limits of the management port: only one in all, because all probes may come from one address. */
    static ConnectionLimits ofManagement() {
        return new ConnectionLimits(MANAGEMENT, Integer.MAX_VALUE, Integer.MAX_VALUE, List.of());
    }

    /** {@code Long.MAX_VALUE} where the operating system has no such limit. */
    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        && unix.getMaxFileDescriptorCount() > 0
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    boolean isTrusted(String address) {
        return trustedProxies.stream().anyMatch(block -> block.contains(address));
    }
}
