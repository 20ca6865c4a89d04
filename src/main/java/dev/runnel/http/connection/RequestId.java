package dev.runnel.http.connection;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The name of a request in the logs of the client and of the service. */
public final class RequestId {

    public static final String HEADER = "X-Request-Id";

    /** The same, hashed and encoded once. */
    private static final CharSequence NAME = HttpHeaders.createOptimized(HEADER);

    private static final int MAX_CHARACTERS = 128;

    private RequestId() {}

    /** Gives a request its id: the header of the response has it. */
    public static void note(HttpServerRequest request) {
        request.response().putHeader(NAME, choose(request.getHeader(HEADER)));
    }

    /** The client's id if it has the allowed form, else a new one. */
    static String choose(@Nullable String clients) {
        if (clients != null && isAllowed(clients)) {
            return clients;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    /** Whether it consists of 1 … 128 letters, digits, dots, underscores and hyphens. */
    static boolean isAllowed(CharSequence clients) {
        if (clients.length() == 0 || clients.length() > MAX_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < clients.length(); i++) {
            if (!isAllowed(clients.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char one) {
        return (one >= 'a' && one <= 'z')
                || (one >= 'A' && one <= 'Z')
                || (one >= '0' && one <= '9')
                || one == '.'
                || one == '_'
                || one == '-';
    }

    /** The id that the service gave a request when it arrived. */
    public static String of(HttpServerRequest request) {
        String id = request.response().headers().get(NAME);
        return id == null ? "unknown" : id;
    }
}
