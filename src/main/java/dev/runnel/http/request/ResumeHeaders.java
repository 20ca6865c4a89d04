package dev.runnel.http.request;

import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/**
 * The headers of a resumable request.
 *
 * @param key the idempotency key; empty without one
 * @param cursor how many bytes of the text the client has; 0 without {@code Last-Event-ID}
 */
public record ResumeHeaders(String key, long cursor) {

    /** Of a request that is resumable without an idempotency key. */
    public static final ResumeHeaders WITHOUT_KEY = new ResumeHeaders("", 0);

    private static final String KEY = "Idempotency-Key";
    private static final String CURSOR = "Last-Event-ID";
    private static final int MAX_KEY_CHARACTERS = 255;
    /** Any number of so many digits is a {@code long}. */
    private static final int MAX_CURSOR_DIGITS = 18;

    /**
     * Reads the headers of a POST.
     *
     * @return empty without an idempotency key
     * @throws RefusedException with status 400, where a header breaks its rule
     */
    public static Optional<ResumeHeaders> of(HttpServerRequest request) {
        List<String> keys = request.headers().getAll(KEY);
        if (keys.isEmpty()) {
            if (request.headers().contains(CURSOR)) {
                throw refused(CURSOR + ": without " + KEY + " (expected: both, or neither)");
            }
            return Optional.empty();
        }
        if (keys.size() > 1) {
            throw refused(KEY + ": given twice (expected: once)");
        }
        if (!isPrintable(keys.get(0))) {
            throw refused(KEY + ": not accepted (expected: 1 … 255 printable ASCII characters)");
        }
        return Optional.of(new ResumeHeaders(keys.get(0), cursor(request)));
    }

    /**
     * The cursor of a request.
     *
     * @return 0 without the header
     * @throws RefusedException with status 400, where it is not a number or stands twice
     */
    public static long cursor(HttpServerRequest request) {
        List<String> cursors = request.headers().getAll(CURSOR);
        if (cursors.isEmpty()) {
            return 0;
        }
        if (cursors.size() > 1 || !isNumber(cursors.get(0))) {
            throw refused(CURSOR + ": " + Quote.cut(String.join(", ", cursors))
                    + " (expected: a number, as the id of an event has it)");
        }
        return Long.parseLong(cursors.get(0));
    }

    /** Whether another request can attach by the key. */
    public boolean hasKey() {
        return !key.isEmpty();
    }

    static boolean isPrintable(CharSequence key) {
        return !key.isEmpty()
                && key.length() <= MAX_KEY_CHARACTERS
                && key.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    static boolean isNumber(CharSequence cursor) {
        return !cursor.isEmpty()
                && cursor.length() <= MAX_CURSOR_DIGITS
                && cursor.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static RefusedException refused(String message) {
        return new RefusedException(ErrorResponse.invalid(null, message));
    }

    /** Omits the key, which the client chose. */
    @Override
    public String toString() {
        return "ResumeHeaders[" + cursor + "]";
    }
}
