package dev.runnel.cli.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;

/** HTTP requests to one service, with its key. A redirect is not followed, so the key goes to no other server. */
final class ServiceCalls {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final String root;
    private final String key;
    private final HttpClient client;

    ServiceCalls(URI url, String key, Optional<SSLContext> tls) {
        String text = url.toString();
        this.root = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.key = key;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /** A request of a path, such as {@code /v1/models}. The head of its answer must come within the time of silence. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(root + path))
                .timeout(SilenceWatch.USUAL)
                .header("Authorization", "Bearer " + key);
    }

    /**
     * Sends a request, and returns when the head of the answer has arrived.
     *
     * @throws IOException also if the call is stopped meanwhile
     */
    HttpResponse<InputStream> send(HttpRequest request, StopSignal stop) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(request, BodyHandlers.ofInputStream());
        stop.onStop(() -> answer.cancel(true));
        try {
            return answer.get();
        } catch (InterruptedException e) {
            stop.stop();
            throw new IOException("interrupted", e);
        } catch (CancellationException e) {
            throw new IOException("stopped", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    /** Why a request got no answer, for the user. */
    SourceException unreachable(IOException cause) {
        String why = String.valueOf(cause.getMessage());
        if (cause instanceof ConnectException) {
            why = isUnknownHost(cause)
                    ? "the host is not known"
                    : "the connection was refused; is the service running?";
        }
        return new SourceException(root + ": " + why);
    }

    private static boolean isUnknownHost(Throwable cause) {
        return cause.getCause() instanceof UnresolvedAddressException
                || (cause.getCause() != null && isUnknownHost(cause.getCause()));
    }
}
