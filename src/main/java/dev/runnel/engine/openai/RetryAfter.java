package dev.runnel.engine.openai;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After} (RFC 9110 section 10.2.3): a number of seconds, or a date. */
final class RetryAfter {

    /** The longest time that is passed on to callers. */
    static final int LONGEST_SECONDS = 3600;

    private static final int LONGEST_VALUE = 64;
    private static final int MAX_DIGITS = 9;

    /** The three forms of a date that recipients must read (RFC 9110 section 5.6.7). */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US),
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US));

    private RetryAfter() {}

    /** The seconds that an answer asks for, as {@link #seconds} has them. */
    static int of(HttpClientResponse response) {
        return seconds(
                response.getHeader(HttpHeaders.RETRY_AFTER), response.getHeader(HttpHeaders.DATE), Instant.now());
    }

    /**
     * The seconds to wait, rounded up.
     *
     * @param value the header, or {@code null}
     * @param date the answer's {@code Date}, or {@code null}: a clock that is wrong there is wrong in both
     * @param now the date where the answer has none
     * @return 0 … {@link #LONGEST_SECONDS}; 0 for anything else
     */
    static int seconds(@Nullable String value, @Nullable String date, Instant now) {
        if (value == null || value.length() > LONGEST_VALUE) {
            return 0;
        }
        String trimmed = value.trim();
        if (!trimmed.isEmpty() && isDigit(trimmed.charAt(0))) {
            return number(trimmed);
        }
        return date(trimmed).map(until -> until(until, date, now)).orElse(0);
    }

    private static int until(Instant until, @Nullable String date, Instant now) {
        Instant from = date == null || date.length() > LONGEST_VALUE
                ? now
                : date(date.trim()).orElse(now);
        long millis = Duration.between(from, until).toMillis();
        return (int) Math.max(0, Math.min(LONGEST_SECONDS, (millis + 999) / 1000));
    }

    /** Whole seconds, or with a fraction, as some servers write. */
    private static int number(String value) {
        int dot = value.indexOf('.');
        String whole = dot < 0 ? value : value.substring(0, dot);
        String fraction = dot < 0 ? "" : value.substring(dot + 1);
        if (!whole.chars().allMatch(RetryAfter::isDigit) || !fraction.chars().allMatch(RetryAfter::isDigit)) {
            return 0;
        }
        int seconds = whole.length() > MAX_DIGITS ? LONGEST_SECONDS : Integer.parseInt(whole);
        boolean more = fraction.chars().anyMatch(digit -> digit != '0');
        return Math.min(LONGEST_SECONDS, more ? seconds + 1 : seconds);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static Optional<Instant> date(String value) {
        for (DateTimeFormatter form : DATES) {
            try {
                return Optional.of(LocalDateTime.parse(value, form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException e) {
                // Another form may fit.
            }
        }
        return Optional.empty();
    }
}
