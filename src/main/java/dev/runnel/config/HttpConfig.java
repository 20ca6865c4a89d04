package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;
import java.util.Optional;

/**
 * The service port.
 *
 * @param host the address to listen on
 * @param port 0 … 65535; 0 is any free port
 * @param tls empty for plain text
 * @param maxBodyBytes the largest body of a request
 * @param heartbeat how long a stream may be silent before it sends {@code : ping}; zero sends none
 * @param stall how long a client may read nothing before it is disconnected
 * @param drain how long running generations may continue after the signal to stop; zero cuts them immediately
 * @param sendBufferBytes the kernel's send buffer of a connection; deltas are folded while it is full
 * @param compressedStreams how many streams may be compressed at once; 0 turns compression off
 * @param connections how many connections are accepted
 * @param cors which pages of browsers may use the API
 * @param playground whether the port has the playground, a page for browsers
 */
public record HttpConfig(
        String host,
        int port,
        Optional<TlsConfig> tls,
        int maxBodyBytes,
        Duration heartbeat,
        Duration stall,
        Duration drain,
        int sendBufferBytes,
        int compressedStreams,
        ConnectionConfig connections,
        CorsConfig cors,
        boolean playground) {

    static final Rule<Integer> PORT = Rule.integer(0, 65_535);

    private static final Duration HOUR = Duration.ofHours(1);

    public HttpConfig {
        if (maxBodyBytes < 1 || sendBufferBytes < 1 || compressedStreams < 0) {
            throw new IllegalArgumentException("maxBodyBytes, sendBufferBytes, compressedStreams: " + maxBodyBytes
                    + ", " + sendBufferBytes + ", " + compressedStreams + " (expected: >= 1, >= 1, >= 0)");
        }
        if (heartbeat.isNegative() || stall.isNegative() || stall.isZero() || drain.isNegative()) {
            throw new IllegalArgumentException("heartbeat, stall, drain: " + heartbeat + ", " + stall + ", " + drain
                    + " (expected: >= 0, > 0, >= 0)");
        }
    }

    static HttpConfig read(Section section) {
        return new HttpConfig(
                section.required("host", Rule.word()),
                section.required("port", PORT),
                TlsConfig.read(section.section("tls")),
                section.required("maxBodyBytes", Rule.integer(1024, 64 << 20)),
                section.required("heartbeat", Rule.duration(Duration.ZERO, HOUR)),
                section.required("stall", Rule.duration(Duration.ofMillis(10), HOUR)),
                section.required("drain", Rule.duration(Duration.ZERO, HOUR)),
                section.required("sendBufferBytes", Rule.integer(4096, 16 << 20)),
                section.required("compressedStreams", Rule.integer(0, 100_000)),
                ConnectionConfig.read(section),
                CorsConfig.read(section.section("cors")),
                section.required("playground", Rule.bool()));
    }

    /** The same settings with TLS. */
    public HttpConfig withTls(TlsConfig other) {
        return new HttpConfig(
                host,
                port,
                Optional.of(other),
                maxBodyBytes,
                heartbeat,
                stall,
                drain,
                sendBufferBytes,
                compressedStreams,
                connections,
                cors,
                playground);
    }
}
