package dev.runnel.http.connection;

import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a request in the logs of the client and of the service. */
public final class RequestId {

    public static final String HEADER = "X-Request-Id";

    private static final Pattern CLIENTS = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private RequestId() {}

    /** The client's id if it has the allowed form, else a new one. */
    public static String choose(@Nullable String clients) {
        if (clients != null && CLIENTS.matcher(clients).matches()) {
            return clients;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /** The id that the service gave a request when it arrived. */
    public static String of(HttpServerRequest request) {
        String id = request.response().headers().get(HEADER);
        return id == null ? "unknown" : id;
    }
}
