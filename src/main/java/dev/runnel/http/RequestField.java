package dev.runnel.http;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a request's body. */
enum RequestField {
    PROMPT("prompt"),
    MAX_TOKENS("maxTokens"),
    TEMPERATURE("temperature"),
    TOP_P("topP"),
    TOP_K("topK"),
    STOP("stop"),
    SEED("seed"),
    PRESENCE_PENALTY("presencePenalty"),
    FREQUENCY_PENALTY("frequencyPenalty"),
    MODEL("model"),
    INCLUDE_TEXT("includeText");

    private static final Map<String, RequestField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RequestField::wireName, Function.identity()));
    private static final int NEAR_EDITS = 2;
    /** Longer names are no slip of the finger, and the distance costs their length. */
    private static final int LONGEST_COMPARED = 24;

    private final String wireName;

    RequestField(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static @Nullable RequestField named(String name) {
        return BY_NAME.get(name);
    }

    static String allNames() {
        return Arrays.stream(values()).map(RequestField::wireName).collect(Collectors.joining(", "));
    }

    /** The field that was probably meant: spelt the same but for case, {@code _} and {@code -}, or two edits away. */
    static Optional<RequestField> nearest(String name) {
        if (name.length() > LONGEST_COMPARED) {
            return Optional.empty();
        }
        String plain = plain(name);
        return Arrays.stream(values())
                .min(Comparator.comparingInt(field -> edits(plain, plain(field.wireName))))
                .filter(field -> edits(plain, plain(field.wireName)) <= NEAR_EDITS);
    }

    private static String plain(String name) {
        return name.replaceAll("[_\\s-]", "").toLowerCase(Locale.ROOT);
    }

    /** The Levenshtein distance. */
    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
            }
            int[] spare = previous;
            previous = row;
            row = spare;
        }
        return previous[b.length()];
    }
}
