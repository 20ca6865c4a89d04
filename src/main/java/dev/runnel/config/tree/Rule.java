package dev.runnel.config.tree;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rule of a single value.
 *
 * @param expected the rule in words, for complaints and the configuration page
 * @param standIn a value that obeys the rule; replaces a value that does not, so that reading can continue
 * @param parse makes the value from its text; empty if the text breaks the rule
 * @param hidden whether complaints show the length of the text instead of the text
 */
public record Rule<T>(String expected, T standIn, Function<String, Optional<T>> parse, boolean hidden) {

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final String UNITS = "with a unit: ms, s, m, h, d";

    /** A whole number, {@code min} … {@code max}. */
    public static Rule<Integer> integer(int min, int max) {
        return new Rule<>(
                range(min, max),
                min,
                text -> parseLong(text).filter(n -> n >= min && n <= max).map(Math::toIntExact),
                false);
    }

    /** As {@link #integer}, for values that need a {@code long}. */
    public static Rule<Long> size(long min, long max) {
        return new Rule<>(range(min, max), min, text -> parseLong(text).filter(n -> n >= min && n <= max), false);
    }

    /** A decimal number, {@code min} … {@code max}. */
    public static Rule<Double> number(double min, double max) {
        return new Rule<>(
                plain(min) + " … " + plain(max),
                min,
                text -> parseDouble(text).filter(n -> n >= min && n <= max),
                false);
    }

    /** A decimal number more than {@code bound} and at most {@code max}. */
    public static Rule<Double> numberAbove(double bound, double max) {
        return new Rule<>(
                "> " + plain(bound) + " … " + plain(max),
                max,
                text -> parseDouble(text).filter(n -> n > bound && n <= max),
                false);
    }

    /** {@code true} or {@code false}. */
    public static Rule<Boolean> bool() {
        return new Rule<>(
                "true or false",
                false,
                text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                },
                false);
    }

    /** Digits with a unit, {@code 20ms} or {@code 15s}; a plain {@code 0} where {@code min} allows it. */
    public static Rule<Duration> duration(Duration min, Duration max) {
        return new Rule<>(
                inWords(min) + " … " + inWords(max) + ", " + UNITS,
                min,
                text -> parseDuration(text).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0),
                false);
    }

    /** Any text, also an empty one. */
    public static Rule<String> text() {
        return new Rule<>("text", "", Optional::of, false);
    }

    /** Text of at least one character, without white space at its ends and without control characters. */
    public static Rule<String> word() {
        return new Rule<>("one line of text", "?", text -> Optional.of(text).filter(Rule::isWord), false);
    }

    /** Text that the pattern matches as a whole. */
    public static Rule<String> matching(Pattern pattern, String expected) {
        return new Rule<>(
                expected,
                "?",
                text -> Optional.of(text).filter(t -> pattern.matcher(t).matches()),
                false);
    }

    /** One of the enum's constants, in upper or lower case. */
    public static <E extends Enum<E>> Rule<E> oneOf(Class<E> type) {
        E[] constants = type.getEnumConstants();
        return new Rule<>(
                Arrays.stream(constants).map(Rule::inWords).collect(Collectors.joining(" or ")),
                constants[0],
                text -> Arrays.stream(constants)
                        .filter(constant -> inWords(constant).equalsIgnoreCase(text))
                        .findFirst(),
                false);
    }

    /** The path of a file. {@code FilePaths} has made it absolute. */
    public static Rule<Path> path() {
        return new Rule<>("a file's path", Path.of("."), Rule::parsePath, false);
    }

    /** An {@code https} URL with a host, and without a user, a password or a fragment. Complaints do not show it. */
    public static Rule<URI> httpsUrl() {
        return new Rule<>(
                "an https URL without a user, a password or a fragment",
                URI.create("https://localhost/"),
                Rule::parseHttpsUrl,
                true);
    }

    /** An {@code http} or {@code https} URL with a host, and without a user, a password or a fragment. */
    public static Rule<URI> httpUrl() {
        return new Rule<>(
                "an http or https URL without a user, a password or a fragment",
                URI.create("http://localhost"),
                Rule::parseHttpUrl,
                true);
    }

    private static String range(long min, long max) {
        return max == Integer.MAX_VALUE || max == Long.MAX_VALUE ? ">= " + min : min + " … " + max;
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }

    private static String inWords(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String inWords(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    private static Optional<Long> parseLong(String text) {
        return INTEGER.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static Optional<Double> parseDouble(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(Double.parseDouble(text)) : Optional.empty();
    }

    private static Optional<Duration> parseDuration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    private static boolean isWord(String text) {
        return !text.isEmpty() && text.strip().equals(text) && text.chars().noneMatch(Character::isISOControl);
    }

    private static Optional<URI> parseHttpUrl(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean plain = url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
            return Optional.of(url).filter(u -> http && plain && u.getPort() <= 65_535);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> parseHttpsUrl(String text) {
        return parseHttpUrl(text).filter(url -> "https".equalsIgnoreCase(url.getScheme()));
    }

    private static Optional<Path> parsePath(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
