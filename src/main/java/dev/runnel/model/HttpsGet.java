package dev.runnel.model;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests a file.
 *
 * @param client follows redirects from https to https only
 * @param silence the longest wait for the response, redirects included
 */
record HttpsGet(HttpClient client, Duration silence) {

    /**
     * The response, with its body not read yet.
     *
     * @param from the first byte that is wanted
     * @param tag the {@code ETag} of the bytes on disk; a server that has another file sends all of it (RFC 9110,
     *     13.1.5)
     */
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response(URI address, long from, Optional<String> tag)
            throws ConnectionBrokenException, InterruptedException {
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> response =
                client.sendAsync(request(address, from, tag), BodyHandlers.ofPublisher());
        try {
            return response.get(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ConnectionBrokenException.silent(silence);
        } catch (ExecutionException e) {
            throw ConnectionBrokenException.of(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            response.cancel(true); // no effect on a completed one
        }
    }

    private static HttpRequest request(URI address, long from, Optional<String> tag) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).header("User-Agent", "runnel").header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
            tag.ifPresent(value -> request.header("If-Range", value));
        }
        return request.build();
    }
}
