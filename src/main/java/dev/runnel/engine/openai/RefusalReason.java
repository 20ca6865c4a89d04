package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reason of a refusal, as names: an error's {@code code}, {@code type} and {@code param}, or the {@code type} and
 * {@code loc} of the entries of a {@code detail}. Never a message, which may repeat the prompt.
 *
 * @param names in the order of the answer, each at most once
 */
record RefusalReason(List<String> names) {

    /** The most bytes of an answer that are read. */
    static final int LIMIT_BYTES = 16 * 1024;

    private static final int MAX_NAMES = 8;
    private static final Set<String> FIELDS = Set.of("code", "type", "param", "loc");

    /** The fields of a request that callers have no part in. */
    private static final Set<String> OWN_FIELDS = Set.of("stream", "stream_options", "include_usage", "model");

    /** The names of the field for {@code maxTokens}: a wrong one is a matter of the configuration, a value is not. */
    private static final Set<String> LIMIT_FIELDS = Set.of("max_tokens", "max_completion_tokens");

    private static final Set<String> UNKNOWN =
            Set.of("unknown_parameter", "unsupported_parameter", "extra_forbidden", "unrecognized_parameter");

    /** The prompt is too long, whichever field is named with it. */
    private static final String TOO_LONG = "context_length_exceeded";

    RefusalReason {
        names = List.copyOf(names);
    }

    /**
     * Whether it names a field that this service added, so that the caller is not at fault.
     *
     * @param defaulted the fields of the request that the model's entry set
     */
    boolean namesOwnField(Set<String> defaulted) {
        return (!names.contains(TOO_LONG) && names.stream().anyMatch(name -> defaulted.contains(firstPart(name))))
                || names.stream().anyMatch(name -> OWN_FIELDS.contains(firstPart(name)))
                || (names.stream().anyMatch(LIMIT_FIELDS::contains)
                        && names.stream().anyMatch(UNKNOWN::contains));
    }

    private static String firstPart(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** The reason in any bytes; without names if they are not JSON or have none. */
    static RefusalReason read(JsonFactory json, byte[] bytes, int length) {
        Set<String> names = new LinkedHashSet<>();
        try (JsonParser parser = json.createParser(bytes, 0, length)) {
            collect(parser, names);
        } catch (IOException e) {
            // A cut or broken answer has the names before its end.
        }
        return new RefusalReason(List.copyOf(names));
    }

    private static void collect(JsonParser parser, Set<String> names) throws IOException {
        Deque<String> lists = new ArrayDeque<>();
        JsonToken token;
        while ((token = parser.nextToken()) != null && names.size() < MAX_NAMES) {
            if (token == JsonToken.START_ARRAY) {
                String field = parser.getParsingContext().getParent().getCurrentName();
                lists.push(field == null ? "" : field);
            } else if (token == JsonToken.END_ARRAY) {
                lists.pop();
            } else if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
                boolean inList = parser.getParsingContext().inArray();
                String field = inList ? lists.peek() : parser.currentName();
                add(field, parser.getText(), names);
            }
        }
    }

    private static void add(@Nullable String field, String word, Set<String> names) {
        if (field != null && FIELDS.contains(field) && Printable.isWord(word)) {
            names.add(word);
        }
    }

    @Override
    public String toString() {
        return String.join(", ", names);
    }
}
