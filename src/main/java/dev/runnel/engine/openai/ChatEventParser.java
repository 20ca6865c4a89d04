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
    private final boolean readsCalls;

    private byte[] bytes = new byte[0];
    private int from;
    private int end;
    private ChatEvent event = new ChatEvent();
    private final Choice choice;
    private final TextPlace part;

    /**
     * @param readsCalls whether calls of tools are read; else they are unknown members
     * @param limit the most bytes of an event
     */
    ChatEventParser(JsonFactory json, Api api, boolean readsCalls, int limit) {
        this.json = json;
        this.api = api;
        this.readsCalls = readsCalls;
        this.choice = new Choice(limit);
        this.part = new TextPlace(limit);
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
            case "x_groq" -> vendor(parser, value);
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

    /** Whether there is reasoning: a string, or a list of parts, that is not empty. */
    private static boolean isThought(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return value == JsonToken.VALUE_STRING && parser.getTextLength() > 0;
        }
        boolean any = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            any = true;
            parser.skipChildren();
        }
        return any;
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
                case "delta" -> {
                    expect(value == JsonToken.START_OBJECT || value == JsonToken.VALUE_NULL, "a delta of no object");
                    message(parser, value, choice.delta);
                }
                case "message" -> message(parser, value, choice.whole);
                case "text" -> text(parser, value, (api == Api.CHAT ? choice.whole : choice.delta).text);
                case "usage" -> usage(parser, value);
                default -> parser.skipChildren();
            }
        }
        if (choice.index == 0) {
            choice.moveTo(event);
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

    /** A delta, or the message of a whole answer. */
    private void message(JsonParser parser, JsonToken value, Choice.Message message) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken inner = parser.nextToken();
            switch (name) {
                case "content" -> content(parser, inner, message.text);
                case "reasoning_content" -> thought(parser, inner, message.thought);
                case "reasoning" -> thought(parser, inner, message.thought.hasText() ? part : message.thought);
                case "tool_calls" -> calls(parser, message);
                default -> parser.skipChildren();
            }
        }
    }

    private void calls(JsonParser parser, Choice.Message message) throws IOException {
        if (readsCalls) {
            message.calls = new ToolCalls(parser, bytes, from).read();
        } else {
            parser.skipChildren();
        }
    }

    /** Some servers give the same reasoning by two names. A list of parts is reasoning too, and is not passed on. */
    private void thought(JsonParser parser, JsonToken value, TextPlace place) throws IOException {
        boolean isThought = isThought(parser, value);
        choice.reasoning |= isThought;
        if (isThought && value == JsonToken.VALUE_STRING) {
            text(parser, value, place);
        }
    }

    private void content(JsonParser parser, JsonToken value, TextPlace place) throws IOException {
        if (api != Api.CHAT) {
            parser.skipChildren();
        } else if (value == JsonToken.START_ARRAY) {
            parts(parser, place);
        } else {
            text(parser, value, place);
        }
    }

    /** A list of parts, of which those with a text are the text, and those with thoughts are reasoning. */
    private void parts(JsonParser parser, TextPlace place) throws IOException {
        place.clear();
        JsonToken item;
        while ((item = parser.nextToken()) != JsonToken.END_ARRAY) {
            expect(item == JsonToken.START_OBJECT, "a part of a text that is not an object");
            part(parser, place);
        }
    }

    private void part(JsonParser parser, TextPlace place) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "text" -> {
                    text(parser, value, part);
                    if (part.hasText()) {
                        place.join(bytes, part);
                    }
                }
                case "thinking", "reasoning" -> choice.reasoning |= isThought(parser, value);
                default -> parser.skipChildren();
            }
        }
    }

    private void text(JsonParser parser, JsonToken value, TextPlace place) throws IOException {
        place.clear();
        if (value != JsonToken.VALUE_STRING && place != choice.delta.text) {
            parser.skipChildren();
        } else if (value != JsonToken.VALUE_NULL) {
            expect(value == JsonToken.VALUE_STRING, "a text that is not a string");
            int opened = from + (int) parser.currentTokenLocation().getByteOffset() + 1;
            place.at(opened, closingQuote(opened));
        }
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

    /** A member of one vendor, in which the usage may be. */
    private void vendor(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken inner = parser.nextToken();
            if (name.equals("usage")) {
                usage(parser, inner);
            } else {
                parser.skipChildren();
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
