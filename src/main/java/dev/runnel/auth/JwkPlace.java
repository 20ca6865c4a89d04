package dev.runnel.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Reads the text of a JWK set from a file, or over https without following redirects. */
final class JwkPlace {

    static final int MAX_BYTES = 1 << 20;
    private static final long TIMEOUT_MILLIS = 5_000;

    private JwkPlace() {}

    static Supplier<Future<String>> file(Vertx vertx, Path file) {
        return () -> vertx.fileSystem()
                .props(file.toString())
                .compose(props -> props.size() > MAX_BYTES
                        ? Future.failedFuture(tooLarge())
                        : vertx.fileSystem().readFile(file.toString()))
                .map(text -> text.toString(StandardCharsets.UTF_8));
    }

    static Supplier<Future<String>> url(HttpClientAgent client, URI url) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(false)
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("Accept", "application/jwk-set+json, application/json");
        return () -> client.request(new RequestOptions(request))
                .compose(open -> open.send())
                .compose(JwkPlace::body);
    }

    private static Future<String> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            response.exceptionHandler(cut -> {});
            response.request().reset();
            return Future.failedFuture(new AuthSetupException("status " + response.statusCode() + " (expected: 200)"));
        }
        Promise<String> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(body.toString(StandardCharsets.UTF_8)));
        response.handler(chunk -> {
            if (body.length() + chunk.length() <= MAX_BYTES) {
                body.appendBuffer(chunk);
            } else if (whole.tryFail(tooLarge())) {
                response.request().reset();
            }
        });
        return whole.future();
    }

    private static AuthSetupException tooLarge() {
        return new AuthSetupException("too large (expected: at most " + MAX_BYTES + " bytes)");
    }
}
