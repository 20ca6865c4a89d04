package dev.runnel.http;

import dev.runnel.auth.Scope;
import dev.runnel.http.error.ErrorForm;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * One method at one path. Each handler declares its own, and {@link Routes} mounts them.
 *
 * @param method {@code GET} includes {@code HEAD}
 * @param path a template of vertx-web, such as {@code /v1/generate/:id}; logs and spans name it as it stands here
 * @param scope what a key must have; empty where any valid key may do
 * @param errorForm the form of its errors
 * @param asksLimits whether it puts what remains of the key's limits into the headers of each of its responses, so that
 *     nothing else has to
 */
record Endpoint(
        HttpMethod method,
        String path,
        Optional<Scope> scope,
        ErrorForm errorForm,
        boolean asksLimits,
        Handler<RoutingContext> handler) {

    /** One that leaves the limits to others. */
    Endpoint(
            HttpMethod method,
            String path,
            Optional<Scope> scope,
            ErrorForm errorForm,
            Handler<RoutingContext> handler) {
        this(method, path, scope, errorForm, false, handler);
    }

    /** An endpoint for any valid key whose errors are JSON. */
    static Endpoint get(String path, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.GET, path, Optional.empty(), ErrorForm.JSON, handler);
    }

    /** An endpoint that starts generations: {@link RequestValidator} and {@link Submission} ask the limits. */
    static Endpoint generate(String path, ErrorForm errorForm, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.POST, path, Optional.of(Scope.GENERATE), errorForm, true, handler);
    }

    /** An endpoint that cancels a generation and answers with its state. */
    static Endpoint cancel(String path, ErrorForm errorForm, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.POST, path, Optional.of(Scope.GENERATE), errorForm, handler);
    }

    /** An endpoint that reads a generation; its errors are JSON. */
    static Endpoint observe(String path, Handler<RoutingContext> handler) {
        return observe(path, ErrorForm.JSON, handler);
    }

    /** An endpoint that reads a generation. */
    static Endpoint observe(String path, ErrorForm errorForm, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.GET, path, Optional.of(Scope.OBSERVE), errorForm, handler);
    }

    /** An endpoint that cancels or deletes a generation. */
    static Endpoint delete(String path, ErrorForm errorForm, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.DELETE, path, Optional.of(Scope.GENERATE), errorForm, handler);
    }

    /** Whether it answers requests with this method. */
    boolean answers(HttpMethod other) {
        return method.equals(other) || (method.equals(HttpMethod.GET) && other.equals(HttpMethod.HEAD));
    }

    /** Whether errors for requests with this method have its form. A client of one form knows no other. */
    boolean decidesErrorForm(HttpMethod other) {
        return answers(other) || errorForm == ErrorForm.OPENAI;
    }

    /** Whether it answers a caller's request with this method, and asks the limits then. */
    boolean asksLimitsFor(HttpMethod other) {
        return asksLimits && answers(other);
    }

    boolean hasParameters() {
        return path.contains("/:");
    }
}
