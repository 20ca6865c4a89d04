package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Quote;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code messages} of a conversation as turns. Leading system texts become one turn. A tool's message is a
 * turn of the user. What makes it more than that, and the calls of an assistant, are kept beside the turns for models
 * that know tools.
 */
final class MessagesReader {

    static final int MAX_CODE_POINTS = 2_000_000;
    static final String RULE = "array of 1 … 4096 messages, " + MAX_CODE_POINTS + " code points together";

    private static final int MAX_MESSAGES = 4096;
    private static final String PLACE = "messages";
    private static final String ROLES = "system, developer, user, assistant or tool";
    private static final String PARTS = "string, or an array of parts of type text";
    private static final String BLANK_LINE = "\n\n";

    private final MemberReader value;
    private final List<Turn> turns = new ArrayList<>();
    private final List<String> leadingSystemTexts = new ArrayList<>();
    /** By the place of their turn, without the leading system turn. */
    private final Map<Integer, String> members = new TreeMap<>();

    private int codePoints;

    MessagesReader(MemberReader value) {
        this.value = value;
    }

    List<Turn> read() throws IOException {
        if (value.token() != JsonToken.START_ARRAY) {
            throw MemberReader.refusal(PLACE, value.kind(), RULE);
        }
        int count = 0;
        while (value.next() != JsonToken.END_ARRAY) {
            if (count == MAX_MESSAGES) {
                throw MemberReader.refusal(PLACE, "more than " + MAX_MESSAGES + " messages", RULE);
            }
            Message message = new Message(PLACE + '[' + count++ + ']');
            add(message.read(), message.members());
        }
        if (count == 0) {
            throw MemberReader.refusal(PLACE, "an empty array", RULE);
        }
        if (!leadingSystemTexts.isEmpty()) {
            turns.add(0, new Turn(Turn.Role.SYSTEM, String.join(BLANK_LINE, leadingSystemTexts)));
        }
        return turns;
    }

    /** What turns have besides their contents, in the form of {@code engine.Options}: an object, or empty. */
    String turnMembers() {
        int offset = leadingSystemTexts.isEmpty() ? 0 : 1;
        return members.isEmpty()
                ? ""
                : members.entrySet().stream()
                        .map(turn -> "\"" + (turn.getKey() + offset) + "\":{" + turn.getValue() + "}")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private void add(Turn turn, String turnMembers) {
        codePoints += turn.content().codePointCount(0, turn.content().length());
        if (codePoints > MAX_CODE_POINTS) {
            throw MemberReader.refusal(PLACE, "more than " + MAX_CODE_POINTS + " code points", RULE);
        }
        if (turn.role() == Turn.Role.SYSTEM && turns.isEmpty()) {
            leadingSystemTexts.add(turn.content());
        } else {
            if (!turnMembers.isEmpty()) {
                members.put(turns.size(), turnMembers);
            }
            turns.add(turn);
        }
    }

    /** One message. Its members may come in any order. */
    private final class Message {

        private final String place;
        private Turn.@Nullable Role role;
        private @Nullable String content;
        /** The place of the first part of type {@code refusal}, which only an assistant's message may have. */
        private @Nullable String refusalPlace;

        private boolean isOfTool;
        /** As it was sent; empty without one. */
        private String toolCalls = "";

        private String toolCallId = "";

        Message(String place) {
            this.place = place;
        }

        Turn read() throws IOException {
            value.object(place, this::member);
            Turn.Role author = role;
            if (author == null) {
                throw MemberReader.refusal(place + ".role", "missing", ROLES);
            }
            if (refusalPlace != null && author != Turn.Role.ASSISTANT) {
                throw unsupportedPart(refusalPlace, "refusal");
            }
            if (content == null && author != Turn.Role.ASSISTANT) {
                throw MemberReader.refusal(place + ".content", "missing", PARTS);
            }
            return new Turn(author, content == null ? "" : content);
        }

        private void member(String name) throws IOException {
            if (name.equals("role")) {
                role = role(place + ".role");
            } else if (name.equals("content")) {
                content = content(place + ".content");
            } else if (name.equals("tool_calls")) {
                toolCalls = toolCalls(place + ".tool_calls");
            } else if (name.equals("tool_call_id")) {
                toolCallId = EscapedText.of(value.text(place + ".tool_call_id")).json();
            }
        }

        private String toolCalls(String callsPlace) throws IOException {
            if (value.token() != JsonToken.START_ARRAY) {
                throw MemberReader.refusal(callsPlace, value.kind(), "array");
            }
            return value.raw(value::skip);
        }

        /** What a model that knows tools reads besides the content, as members of an object. */
        String members() {
            if (isOfTool) {
                return "\"role\":\"tool\"" + (toolCallId.isEmpty() ? "" : ",\"tool_call_id\":" + toolCallId);
            }
            return role == Turn.Role.ASSISTANT && !toolCalls.isEmpty() ? "\"tool_calls\":" + toolCalls : "";
        }

        private Turn.Role role(String rolePlace) throws IOException {
            String word = value.text(rolePlace);
            isOfTool = word.equals("tool");
            return switch (word) {
                case "system", "developer" -> Turn.Role.SYSTEM;
                case "user", "tool" -> Turn.Role.USER;
                case "assistant" -> Turn.Role.ASSISTANT;
                default -> throw value.refused(rolePlace, ROLES);
            };
        }

        private String content(String contentPlace) throws IOException {
            if (value.token() == JsonToken.VALUE_STRING) {
                return value.text(contentPlace);
            }
            if (value.token() != JsonToken.START_ARRAY) {
                throw MemberReader.refusal(contentPlace, value.kind(), PARTS);
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; value.next() != JsonToken.END_ARRAY; i++) {
                text.append(part(contentPlace + '[' + i + ']'));
            }
            return text.toString();
        }

        private String part(String partPlace) throws IOException {
            Part part = new Part(partPlace);
            value.object(partPlace, part::member);
            String type = part.type;
            if (type == null) {
                throw MemberReader.refusal(partPlace + ".type", "missing", "text");
            }
            if (!type.equals("text") && !type.equals("refusal")) {
                throw unsupportedPart(partPlace, type);
            }
            if (type.equals("refusal") && refusalPlace == null) {
                refusalPlace = partPlace;
            }
            String text = type.equals("text") ? part.text : part.refusal;
            if (text == null) {
                throw MemberReader.refusal(partPlace + '.' + type, "missing", "string");
            }
            return text;
        }
    }

    private static RuntimeException unsupportedPart(String place, String type) {
        String member = place + ".type";
        return MemberReader.unsupportedValue(
                member, member + ": \"" + Quote.cut(type) + "\" is not supported (expected: text)");
    }

    /** One part of a content. */
    private final class Part {

        private final String place;
        private @Nullable String type;
        private @Nullable String text;
        private @Nullable String refusal;

        Part(String place) {
            this.place = place;
        }

        private void member(String name) throws IOException {
            switch (name) {
                case "type" -> type = value.text(place + ".type");
                case "text" -> text = value.text(place + ".text");
                case "refusal" -> refusal = value.text(place + ".refusal");
                default -> {
                    // Unknown: left unread.
                }
            }
        }
    }
}
