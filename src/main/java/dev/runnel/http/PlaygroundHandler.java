package dev.runnel.http;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.ErrorWriter;
import dev.runnel.http.file.ServedFile;
import dev.runnel.http.playground.PlaygroundFiles;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Serves the playground: a page whose scripts use the API with a key that a person enters. The files need no key.
 *
 * <p>The headers confine the page (CSP level 3 and Trusted Types). It runs scripts of this service only and sends
 * requests to this service only. It is not shown in a frame, and cannot turn a string into HTML or code.
 */
final class PlaygroundHandler {

    static final String PAGE = "/";

    private static final String NAME = "name";
    private static final String FILE = "/playground/:" + NAME;
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");

    private final PlaygroundFiles files = PlaygroundFiles.all();
    private final ErrorWriter errors;

    PlaygroundHandler(ErrorWriter errors) {
        this.errors = errors;
    }

    Endpoint page() {
        return Endpoint.get(PAGE, context -> answer(context.request(), files.page()));
    }

    Endpoint file() {
        return Endpoint.get(FILE, this::file);
    }

    private void file(RoutingContext context) {
        files.file(context.pathParam(NAME))
                .ifPresentOrElse(
                        file -> answer(context.request(), file),
                        () -> errors.write(context, ErrorResponse.noSuchRoute()));
    }

    private static void answer(HttpServerRequest request, ServedFile file) {
        request.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        FileAnswer.send(request, file);
    }
}
