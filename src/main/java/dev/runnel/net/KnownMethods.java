package dev.runnel.net;

import io.vertx.core.http.HttpMethod;
import java.util.Set;

/** The names of HTTP methods in metrics, logs and spans: a bounded set, whatever a client sends. */
public final class KnownMethods {

    private static final Set<HttpMethod> KNOWN = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private KnownMethods() {}

    /** The method's name, or {@code other} for a token that is not a known method. */
    public static String nameOr(HttpMethod method, String other) {
        return KNOWN.contains(method) ? method.name() : other;
    }
}
