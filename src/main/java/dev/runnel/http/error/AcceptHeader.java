package dev.runnel.http.error;

import dev.runnel.http.connection.HeaderCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The media types that a client accepts (RFC 9110, section 12.5.1), as far as they decide the form of an error.
 *
 * <p>Not vertx-web's {@code parsedHeaders().accept()}: that reads only the first of several {@code Accept} headers
 * (Vert.x 5.0.12), has no bound, and sorts the ranges.
 *
 * @param ranges the header's media ranges, in its order
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

    /**
     * Reads the values of all {@code Accept} headers of a request, up to 256 characters together. A browser's header
     * has about 150. Longer ones are cut, so that a hostile one costs no more. Ignores what is not a media range.
     */
    static AcceptHeader of(List<? extends CharSequence> values) {
        HeaderCursor cursor = new HeaderCursor(firstCharacters(values));
        List<Range> ranges = new ArrayList<>();
        do {
            Range range = range(cursor);
            if (!range.type().isEmpty() && !range.subtype().isEmpty()) {
                ranges.add(range);
            }
        } while (cursor.accept(','));
        return new AcceptHeader(List.copyOf(ranges));
    }

    private static String firstCharacters(List<? extends CharSequence> values) {
        StringBuilder all = new StringBuilder(HeaderCursor.MAX_CHARACTERS);
        for (CharSequence value : values) {
            int room = HeaderCursor.MAX_CHARACTERS - all.length();
            if (room <= 0) {
                break;
            }
            all.append(value, 0, Math.min(value.length(), room)).append(',');
        }
        return all.toString();
    }

    private static Range range(HeaderCursor cursor) {
        String type = cursor.word("/,;");
        String subtype = cursor.accept('/') ? cursor.word(",;") : "";
        return new Range(type, subtype, quality(cursor));
    }

    /** Reads the parameters of a range. */
    private static double quality(HeaderCursor cursor) {
        Optional<String> quality = Optional.empty();
        while (cursor.accept(';')) {
            String name = cursor.word("=,;");
            boolean hasValue = cursor.accept('=');
            Optional<String> quoted = hasValue ? cursor.quoted() : Optional.empty();
            String token = cursor.word(",;");
            if (name.equals("q") && quality.isEmpty()) {
                quality = Optional.of(quoted.orElse(token));
            }
        }
        return quality.map(AcceptHeader::quality).orElse(1.0);
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
