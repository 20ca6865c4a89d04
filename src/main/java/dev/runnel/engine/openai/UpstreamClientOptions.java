package dev.runnel.engine.openai;

import dev.runnel.engine.openai.OpenAiSettings.Deadlines;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The options of the HTTP client of one upstream. Not changed after its creation; read by all event loops. It holds the
 * key, so it is never printed.
 *
 * @param requests the options of every request, by the route
 */
record UpstreamClientOptions(HttpClientOptions client, PoolOptions pool, Map<Api, RequestOptions> requests) {

    // Optimized: encoded once, not for each request.
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");

    /** Connections beyond the limit of requests: those that are about to close. */
    private static final int SPARE_CONNECTIONS = 64;

    /** The concurrent streams that servers allow in one HTTP/2 connection (RFC 9113 section 6.5.2: 100 or more). */
    private static final int HTTP2_STREAMS = 100;

    /** The most unread bytes of one HTTP/2 connection, which all of its streams share. */
    private static final int HTTP2_WINDOW_BYTES = 1 << 20;

    /**
     * Builds the options for one upstream.
     *
     * @param key the value of the {@code Authorization} header
     * @param trust PEM certificates
     */
    static UpstreamClientOptions of(
            UpstreamSettings upstream, OpenAiSettings model, Optional<String> key, Optional<Buffer> trust) {
        HttpClientOptions client = clientOptions(upstream, model.deadlines());
        trust.ifPresent(pem -> client.setTrustOptions(new PemTrustOptions().addCertValue(pem)));
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(upstream.concurrent() + SPARE_CONNECTIONS)
                .setHttp2MaxSize(1 + (upstream.concurrent() - 1) / HTTP2_STREAMS)
                .setMaxWaitQueueSize(upstream.concurrent() + SPARE_CONNECTIONS);
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(upstream.port(), upstream.address()))
                .setHost(upstream.url().getHost())
                .setPort(upstream.port())
                .setSsl(upstream.isTls())
                .setFollowRedirects(false)
                .setConnectTimeout(model.deadlines().connect().toMillis())
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.ACCEPT, EVENT_STREAM)
                // Without it an upstream may compress (RFC 9110 section 12.5.3), which delays small events.
                .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
        key.ifPresent(k -> request.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + k));
        Map<Api, RequestOptions> requests = new EnumMap<>(Api.class);
        model.paths().forEach((api, path) -> requests.put(api, new RequestOptions(request).setURI(upstream.uri(path))));
        return new UpstreamClientOptions(client, pool, requests);
    }

    /** The options of every request of a route that the model uses. */
    RequestOptions request(Api api) {
        return Objects.requireNonNull(requests.get(api), api.path());
    }

    private static HttpClientOptions clientOptions(UpstreamSettings upstream, Deadlines deadlines) {
        int connectMillis = Math.toIntExact(deadlines.connect().toMillis());
        int keepAliveSeconds = Math.toIntExact(deadlines.keepAlive().toSeconds());
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(upstream.isTls())
                .setConnectTimeout(connectMillis)
                .setSslHandshakeTimeout(deadlines.connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(keepAliveSeconds)
                .setHttp2KeepAliveTimeout(keepAliveSeconds)
                .setHttp2ConnectionWindowSize(HTTP2_WINDOW_BYTES)
                // Closes a connection whose request the upstream never reads: a plain close would wait for that write.
                .setTcpUserTimeout(Math.toIntExact(deadlines.idle().toMillis()));
        if (upstream.http2()) {
            options.setProtocolVersion(HttpVersion.HTTP_2)
                    .setUseAlpn(upstream.isTls())
                    .setHttp2ClearTextUpgrade(false);
        }
        return options;
    }

    @Override
    public String toString() {
        return "UpstreamClientOptions[…]";
    }
}
