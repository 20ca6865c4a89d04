package dev.runnel.message;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes names that cannot be guessed: of generations and of the instances that hold an address on the bus. A
 * generation's id is {@code gen_}, the 8 characters of the generator that runs it, and 16 random ones. All are
 * Crockford's base 32, so that only {@code [0-9A-Z]} occurs.
 */
public final class GenerationIds {

    private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int INSTANCE_DIGITS = 8;

    /** 5 bits each: 80 in all. */
    private static final int RANDOM_DIGITS = 16;

    private static final Pattern ID = Pattern.compile(
            "gen_([0-9A-HJKMNP-TV-Z]{" + INSTANCE_DIGITS + "})[0-9A-HJKMNP-TV-Z]{" + RANDOM_DIGITS + "}");

    private final RandomGenerator random;
    private final String instance;

    /**
     * Makes the name of a new instance, and ids whose home it is.
     *
     * @param random where the characters come from: a {@link java.security.SecureRandom}, except in a simulation
     */
    public GenerationIds(RandomGenerator random) {
        this.random = random;
        this.instance = digits(random, INSTANCE_DIGITS);
    }

    /**
     * The instance that makes these ids, for {@link Addresses}.
     *
     * @return 8 characters
     */
    public String instance() {
        return instance;
    }

    /**
     * A new generation's id.
     *
     * @return {@code gen_} and 24 characters
     */
    public String next() {
        return "gen_" + instance + digits(random, RANDOM_DIGITS);
    }

    /**
     * The generator instance that ran a generation first.
     *
     * @param id what may be a generation's id
     * @return its name, or empty if {@code id} has not the form of an id
     */
    public static Optional<String> home(CharSequence id) {
        Matcher matcher = ID.matcher(id);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String digits(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        var text = new StringBuilder(count);
        for (byte b : bytes) {
            text.append(DIGITS[b & 0x1f]);
        }
        return text.toString();
    }
}
