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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks for a file, through redirects that stay with https.
 *
 * @param silence how long an answer may take
 */
record HttpsGet(HttpClient client, Duration silence) {

    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /**
     * The first answer that is no redirect, its body not read yet.
     *
     * @param from the first byte that is wanted
     * @param tag the {@code ETag} of what is there already; the server then sends all if it has something else (RFC 9110,
     *     13.1.5)
     */
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer(URI address, long from, Optional<String> tag)
            throws SourceFailedException, ConnectionBrokenException, InterruptedException {
        URI next = address;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request(next, from, tag));
            if (!REDIRECTS.contains(response.statusCode())) {
                return response;
            }
            DownloadBody.of(response.body()).close();
            next = target(next, response);
        }
        throw new SourceFailedException("more than " + MAX_REDIRECTS + " redirects");
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

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
            throws ConnectionBrokenException, InterruptedException {
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
                client.sendAsync(request, BodyHandlers.ofPublisher());
        try {
            return answer.get(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ConnectionBrokenException.silent(silence);
        } catch (ExecutionException e) {
            throw ConnectionBrokenException.of(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            answer.cancel(true); // no effect on one that came
        }
    }

    private static URI target(URI from, HttpResponse<?> response) throws SourceFailedException {
        String location = response.headers().firstValue("Location").orElse("");
        try {
            URI target = from.resolve(location.split("#", 2)[0]);
            if (location.isEmpty() || !ModelSource.Https.isAllowed(target)) {
                throw new SourceFailedException("redirects to something that is not an https address");
            }
            return target;
        } catch (IllegalArgumentException e) {
            throw new SourceFailedException("redirects to something that is no address", e);
        }
    }
}
