package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Parses the JSON of any event: fields in any order, unknown ones ignored. The text is found, not decoded. For one
 * thread.
 */
final class ChatEventParser {

    private static final String NO_JSON = "an event that is not JSON";

    private final JsonFactory json;
    private final Api api;

    private byte[] bytes = new byte[0];
    private int from;
    private int end;
    private ChatEvent event = new ChatEvent();
    private final Choice choice = new Choice();

    /** The content of one choice, until its index is known. */
    private static final class Choice {
        int index;
        int textFrom;
        int textEnd;
        boolean reasoning;

        @Nullable
        String finish;

        void clear() {
            index = 0;
            textFrom = ChatEvent.ABSENT;
            textEnd = ChatEvent.ABSENT;
            reasoning = false;
            finish = null;
        }
    }

    ChatEventParser(JsonFactory json, Api api) {
        this.json = json;
        this.api = api;
    }

    /**
     * Parses one event.
     *
     * @param bytes UTF-8
     * @param into receives the content; its indexes are those of {@code bytes}
     * @throws BadUpstreamException if it is not one JSON object of the right form
     */
    void parse(byte[] bytes, int from, int end, ChatEvent into) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
        this.event = into;
        into.clear();
        try (JsonParser parser = json.createParser(bytes, from, end - from)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "an event that is not a JSON object");
            expect(isUtf8(parser), NO_JSON);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                field(parser);
            }
            expect(parser.nextToken() == null, "bytes after an event's JSON object");
        } catch (IOException e) {
            throw new BadUpstreamException(NO_JSON);
        }
    }

    /** Jackson detects bytes with NUL as UTF-16 or UTF-32. It decodes those, and then reports no byte offsets. */
    private static boolean isUtf8(JsonParser parser) {
        return parser.currentTokenLocation().getByteOffset() >= 0;
    }

    private void field(JsonParser parser) throws IOException {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
            case "choices" -> choices(parser, value);
            case "usage" -> usage(parser, value);
            case "error" -> event.error |= isPresent(parser, value);
            default -> parser.skipChildren();
        }
    }

    /** Whether there is a value: not {@code null}, {@code ""}, {@code {}} or {@code false}, as some servers write. */
    private static boolean isPresent(JsonParser parser, JsonToken value) throws IOException {
        return switch (value) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getTextLength() > 0;
            case START_OBJECT -> hasMembers(parser);
            default -> {
                parser.skipChildren();
                yield true;
            }
        };
    }

    private static boolean hasMembers(JsonParser parser) throws IOException {
        boolean any = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            any = true;
            parser.skipChildren();
        }
        return any;
    }

    private void choices(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        expect(value == JsonToken.START_ARRAY, "choices that are not a list");
        JsonToken item;
        while ((item = parser.nextToken()) != JsonToken.END_ARRAY) {
            expect(item == JsonToken.START_OBJECT, "a choice that is not an object");
            choice(parser);
        }
    }

    private void choice(JsonParser parser) throws IOException {
        choice.clear();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "index" -> choice.index = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
                case "finish_reason" -> choice.finish = finish(parser, value);
                case "delta" -> delta(parser, value);
                case "text" -> textOf(Api.COMPLETIONS, parser, value);
                default -> parser.skipChildren();
            }
        }
        if (choice.index == 0) {
            event.textFrom = choice.textFrom;
            event.textEnd = choice.textEnd;
            event.reasoning = choice.reasoning;
            event.finish = choice.finish;
        }
    }

    private static @Nullable String finish(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return null;
        }
        String word = parser.getText();
        return FinishReasons.isWord(word) ? word : null;
    }

    private void delta(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            expect(value == JsonToken.VALUE_NULL, "a delta that is not an object");
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken inner = parser.nextToken();
            switch (name) {
                case "content" -> textOf(Api.CHAT, parser, inner);
                case "reasoning_content", "reasoning" -> choice.reasoning |= isPresent(parser, inner);
                default -> parser.skipChildren();
            }
        }
    }

    private void textOf(Api route, JsonParser parser, JsonToken value) throws IOException {
        if (route != api || value == JsonToken.VALUE_NULL) {
            choice.textFrom = route == api ? ChatEvent.ABSENT : choice.textFrom;
            parser.skipChildren();
            return;
        }
        expect(value == JsonToken.VALUE_STRING, "a text that is not a string");
        choice.textFrom = from + (int) parser.currentTokenLocation().getByteOffset() + 1;
        choice.textEnd = closingQuote(choice.textFrom);
    }

    /** Jackson checks the string when it parses the next token, and fails there if the string is broken. */
    private int closingQuote(int opened) {
        int at = opened;
        while (at < end && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        expect(at < end, "a text without its closing quote");
        return at;
    }

    private void usage(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken inner = parser.nextToken();
            switch (name) {
                case "prompt_tokens" -> event.promptTokens = tokens(parser, inner);
                case "completion_tokens" -> event.completionTokens = tokens(parser, inner);
                default -> parser.skipChildren();
            }
        }
    }

    private static long tokens(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            parser.skipChildren();
            return ChatEvent.ABSENT;
        }
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? ChatEvent.ABSENT
                : Math.max(ChatEvent.ABSENT, parser.getLongValue());
    }

    private static void expect(boolean condition, String message) {
        if (!condition) {
            throw new BadUpstreamException(message);
        }
    }
}
