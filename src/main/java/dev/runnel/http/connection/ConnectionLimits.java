package dev.runnel.http.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.runnel.config.AddressBlock;
import dev.runnel.config.ConnectionConfig;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections the process accepts.
 *
 * @param total 1 or more
 * @param perAddress 1 or more
 * @param withoutKey the most connections without a request whose key was valid, 1 or more
 * @param trustedProxies addresses without the limit {@code perAddress}
 */
public record ConnectionLimits(int total, int perAddress, int withoutKey, List<AddressBlock> trustedProxies) {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

    /** Each connection has buffers of its own: about 10 KB, and more while it streams. */
    private static final int MOST_BY_DEFAULT = 50_000;
    /** A relayed stream has one descriptor here and one upstream. About 150 more are open all the time. */
    private static final int SHARE_OF_DESCRIPTORS = 2;

    private static final int SHARE_WITHOUT_KEY = 4;

    public ConnectionLimits {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** The limits of this process. Logs a limit that its open files do not allow. */
    public static ConnectionLimits ofProcess(ConnectionConfig config) {
        long descriptors = descriptors();
        ConnectionLimits limits = of(config, descriptors);
        if (limits.total() >= descriptors) {
            LOG.warn(
                    "http.connections: {} (expected: fewer than the {} files that the process may open; see ulimit -n)",
                    limits.total(),
                    descriptors);
        }
        return limits;
    }

    /** @param descriptors how many files the process may open */
    static ConnectionLimits of(ConnectionConfig config, long descriptors) {
        long share = Math.max(1, Math.min(MOST_BY_DEFAULT, descriptors / SHARE_OF_DESCRIPTORS));
        int total = config.total().orElse(Math.toIntExact(share));
        int withoutKey = config.withoutKey().orElse(Math.max(1, total / SHARE_WITHOUT_KEY));
        return new ConnectionLimits(total, config.perAddress(), withoutKey, config.trustedProxies());
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
