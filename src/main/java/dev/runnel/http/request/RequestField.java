package dev.runnel.http.request;

import dev.runnel.config.tree.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a request's body. */
public enum RequestField {
    PROMPT("prompt"),
    MESSAGES("messages"),
    MAX_TOKENS("maxTokens"),
    TEMPERATURE("temperature"),
    TOP_P("topP"),
    TOP_K("topK"),
    STOP("stop"),
    SEED("seed"),
    PRESENCE_PENALTY("presencePenalty"),
    FREQUENCY_PENALTY("frequencyPenalty"),
    RESPONSE_FORMAT("responseFormat"),
    THINKING("thinking"),
    MODEL("model"),
    INCLUDE_TEXT("includeText");

    private static final Map<String, RequestField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RequestField::wireName, Function.identity()));
    private static final List<String> NAMES =
            Arrays.stream(values()).map(RequestField::wireName).toList();

    private final String wireName;

    RequestField(String wireName) {
        this.wireName = wireName;
    }

    /** The name in the body. */
    public String wireName() {
        return wireName;
    }

    static @Nullable RequestField named(String name) {
        return BY_NAME.get(name);
    }

    public static List<String> names() {
        return NAMES;
    }

    /** The known name that is nearest to an unknown one. */
    static Optional<String> nearest(String name) {
        return Nearest.to(name, NAMES);
    }
}
