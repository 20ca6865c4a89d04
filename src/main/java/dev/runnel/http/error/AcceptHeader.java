package dev.runnel.http.error;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The media types that a client accepts (RFC 9110, section 12.5.1), as far as they decide the form of an error.
 *
 * <p>Not vertx-web's {@code parsedHeaders().accept()}: that reads only the first of several {@code Accept} headers
 * (Vert.x 5.0.12), has no bound, and sorts the ranges.
 *
 * @param ranges the header's media ranges, in its order
 */
record AcceptHeader(List<Range> ranges) {

    /** A browser's header has about 150 characters. Longer ones are cut, so that a hostile one costs no more. */
    private static final int MAX_CHARACTERS = 256;

    /**
     * @param type in lower case, {@code *} for any
     * @param subtype in lower case, {@code *} for any
     * @param quality 0 … 1; 0 is "never"
     */
    record Range(String type, String subtype, double quality) {

        static final Range NONE = new Range("", "", 0);

        boolean covers(String otherType, String otherSubtype) {
            return (type.equals("*") || type.equals(otherType))
                    && (subtype.equals("*") || subtype.equals(otherSubtype));
        }

        boolean isAnything() {
            return type.equals("*");
        }

        /** Of two ranges that cover the same type the more specific one counts. */
        int specificity() {
            return (type.equals("*") ? 0 : 1) + (subtype.equals("*") ? 0 : 1);
        }
    }

    /**
     * Reads the values of all {@code Accept} headers of a request, up to 256 characters together. Ignores what is not a
     * media range.
     */
    static AcceptHeader of(List<String> values) {
        List<Range> ranges = Stream.of(firstCharacters(values).split(","))
                .map(AcceptHeader::range)
                .filter(range -> !range.equals(Range.NONE))
                .toList();
        return new AcceptHeader(ranges);
    }

    private static String firstCharacters(List<String> values) {
        StringBuilder all = new StringBuilder(MAX_CHARACTERS);
        for (String value : values) {
            int room = MAX_CHARACTERS - all.length();
            if (room <= 0) {
                break;
            }
            all.append(value, 0, Math.min(value.length(), room)).append(',');
        }
        return all.toString();
    }

    private static Range range(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split(";");
        String[] mediaType =
                parts.length == 0 ? new String[0] : parts[0].strip().split("/", -1);
        if (mediaType.length != 2 || mediaType[0].isEmpty() || mediaType[1].isEmpty()) {
            return Range.NONE;
        }
        double quality = Stream.of(parts)
                .skip(1)
                .map(String::strip)
                .filter(part -> part.startsWith("q="))
                .map(part -> quality(part.substring(2)))
                .findFirst()
                .orElse(1.0);
        return new Range(mediaType[0], mediaType[1], quality);
    }

    private static double quality(String text) {
        try {
            return Math.max(0, Math.min(1, Double.parseDouble(text)));
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /**
     * Whether the client's errors are plain JSON: it accepts {@code application/json}, and {@code text/event-stream}
     * not at all or only by {@code *}{@code /*} while it names JSON.
     */
    boolean prefersJson() {
        Range json = best("application", "json");
        Range events = best("text", "event-stream");
        return json.quality > 0 && (events.quality == 0 || (events.isAnything() && !json.isAnything()));
    }

    private Range best(String type, String subtype) {
        return ranges.stream()
                .filter(range -> range.covers(type, subtype))
                .max(Comparator.comparingInt(Range::specificity).thenComparingDouble(Range::quality))
                .orElse(Range.NONE);
    }
}
