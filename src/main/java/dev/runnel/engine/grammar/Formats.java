package dev.runnel.engine.grammar;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The values of the keyword {@code format}, as expressions of which every text is of the format. */
final class Formats {

    private static final String DATE = "[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))";
    private static final String TIME =
            "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String LABEL = "[a-z]([a-z0-9]{0,14}(-[a-z0-9]{1,15}){0,2})";
    private static final String HOST = "(" + LABEL + "\\.){1,3}[a-z]{2,6}";
    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9_+-]{0,14}";
    private static final String CLOCK =
            "T([0-9]{1,3}H([0-9]{1,2}M([0-9]{1,2}S)?)?|[0-9]{1,3}M([0-9]{1,2}S)?|[0-9]{1,4}S)";

    private static final Map<String, String> EXPRESSIONS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "duration",
            "P([0-9]{1,4}D(" + CLOCK + ")?|[0-9]{1,4}W|" + CLOCK + ")",
            "uuid",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "ipv4",
            "(" + BYTE + "\\.){3}" + BYTE,
            "ipv6",
            "[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}",
            "hostname",
            HOST,
            "email",
            WORD + "(\\." + WORD + "){0,2}@" + HOST,
            "uri",
            "https?://" + HOST + "(/[A-Za-z0-9._~-]{1,40}){0,8}/?");

    private Formats() {}

    /** All of them, for a message. */
    static Set<String> names() {
        return new TreeSet<>(EXPRESSIONS.keySet());
    }

    static Optional<Regex> of(String name) {
        return Optional.ofNullable(EXPRESSIONS.get(name)).map(RegexParser::parse);
    }
}
