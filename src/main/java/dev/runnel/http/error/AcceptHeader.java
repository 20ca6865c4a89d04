package dev.runnel.http.error;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a client would like to read (RFC 9110, section 12.5.1), as far as it decides the form of an error.
 *
 * @param ranges all of the header's media ranges, in its order
 */
record AcceptHeader(List<Range> ranges) {

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

    /** Takes the values of all {@code Accept} headers of a request; what is no media range is passed over. */
    static AcceptHeader of(List<String> values) {
        List<Range> ranges = values.stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(AcceptHeader::range)
                .filter(range -> !range.equals(Range.NONE))
                .toList();
        return new AcceptHeader(ranges);
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
     * Whether errors are plain JSON for this client: it takes {@code application/json}, and {@code text/event-stream} not at
     * all or only by {@code *}{@code /*} while it names JSON.
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
