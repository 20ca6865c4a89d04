package dev.runnel.http.responses;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.openai.MemberReader;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Quote;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code input} as turns: a string, or an array of items. A call of a function belongs to the assistant's turn
 * before it. The output of a function is a turn of the user. What makes it more than that is kept beside the turns, for
 * models that know tools. Reasoning is left out.
 */
final class InputReader {

    static final String PLACE = "input";
    static final String RULE = "string, or array of 1 … " + ResponsesRequest.MAX_TURNS + " items";

    private static final String EMPTY = "\"\"";
    private static final String ROLES = "system, developer, user or assistant";
    private static final String PARTS = "string, or an array of parts of type input_text or output_text";

    private final MemberReader value;
    private final List<KeptTurn> turns = new ArrayList<>();
    /** The assistant's turn that the calls belong to, until another turn follows. */
    private Turn calling = new Turn(Turn.Role.ASSISTANT, "");

    private StringJoiner calls = newCalls();

    InputReader(MemberReader value) {
        this.value = value;
    }

    List<KeptTurn> read() throws IOException {
        if (value.token() == JsonToken.VALUE_STRING) {
            return List.of(new KeptTurn(Turn.user(value.text(PLACE))));
        }
        if (value.token() != JsonToken.START_ARRAY) {
            throw MemberReader.refusal(PLACE, value.kind(), RULE);
        }
        int count = 0;
        while (value.next() != JsonToken.END_ARRAY) {
            if (count == ResponsesRequest.MAX_TURNS) {
                throw MemberReader.refusal(PLACE, "more than " + ResponsesRequest.MAX_TURNS + " items", RULE);
            }
            new Item(PLACE + '[' + count++ + ']').read();
        }
        if (count == 0) {
            throw MemberReader.refusal(PLACE, "an empty array", RULE);
        }
        endCalls();
        return turns;
    }

    /** Adds a call to the assistant's turn before it, or to a turn without a content. */
    private void addCall(String call) {
        int last = turns.size() - 1;
        boolean isFirst = calls.length() == 0;
        if (isFirst && last >= 0 && turns.get(last).turn().role() == Turn.Role.ASSISTANT) {
            calling = turns.remove(last).turn();
        }
        calls.add(call);
    }

    private void add(KeptTurn turn) {
        endCalls();
        turns.add(turn);
    }

    private void endCalls() {
        if (calls.length() > 0) {
            turns.add(new KeptTurn(calling, calls.toString()));
            calling = new Turn(Turn.Role.ASSISTANT, "");
            calls = newCalls();
        }
    }

    private static StringJoiner newCalls() {
        return new StringJoiner(",", "\"tool_calls\":[", "]").setEmptyValue("");
    }

    /** One item. Its members may come in any order, so its type may come last. */
    private final class Item {

        private final String place;
        private String type = "message";
        private Turn.@Nullable Role role;
        private @Nullable Content content;
        private @Nullable Content output;
        /** Strings of JSON. */
        private String callId = EMPTY;

        private String name = EMPTY;
        private String arguments = EMPTY;

        Item(String place) {
            this.place = place;
        }

        void read() throws IOException {
            value.object(place, this::member);
            switch (type) {
                case "message" -> add(new KeptTurn(message()));
                case "function_call_output" ->
                    add(new KeptTurn(output(), "\"role\":\"tool\",\"tool_call_id\":" + callId));
                case "custom_tool_call_output" -> add(new KeptTurn(output()));
                case "function_call" -> addCall(FunctionCall.ofChat(callId, name, arguments));
                case "custom_tool_call", "reasoning" -> {
                    // Left out.
                }
                default ->
                    throw unsupported(
                            place + ".type", type, "message, function_call, function_call_output or reasoning");
            }
        }

        private Turn output() {
            return new Turn(Turn.Role.USER, text(output, "output", false));
        }

        private void member(String member) throws IOException {
            switch (member) {
                case "type" -> type = value.text(place + ".type");
                case "role" -> role = role(place + ".role");
                case "content" -> content = new Content(place + ".content").read();
                case "output" -> output = new Content(place + ".output").read();
                case "call_id" -> callId = quoted(member);
                case "name" -> name = quoted(member);
                case "arguments" -> arguments = quoted(member);
                default -> {
                    // Unknown: left unread.
                }
            }
        }

        /** A string of JSON. It counts only where the item's type has it, so another type of value is not refused. */
        private String quoted(String member) throws IOException {
            return value.token() == JsonToken.VALUE_STRING
                    ? EscapedText.of(value.text(place + '.' + member)).json()
                    : EMPTY;
        }

        private Turn.Role role(String rolePlace) throws IOException {
            return switch (value.text(rolePlace)) {
                case "system", "developer" -> Turn.Role.SYSTEM;
                case "user" -> Turn.Role.USER;
                case "assistant" -> Turn.Role.ASSISTANT;
                default -> throw value.refused(rolePlace, ROLES);
            };
        }

        private Turn message() {
            if (role == null) {
                throw MemberReader.refusal(place + ".role", "missing", ROLES);
            }
            return new Turn(role, text(content, "content", role == Turn.Role.ASSISTANT));
        }

        /** @param isAnswer whether parts of type {@code refusal} may be in it */
        private String text(@Nullable Content read, String member, boolean isAnswer) {
            if (read == null) {
                throw MemberReader.refusal(place + '.' + member, "missing", PARTS);
            }
            return read.text(isAnswer);
        }
    }

    /** A string, or parts. What is wrong with it counts only where the item's type has it. */
    private final class Content {

        private final String place;
        private final StringBuilder text = new StringBuilder();
        private @Nullable RefusedException fault;
        private @Nullable RefusedException refusal;

        Content(String place) {
            this.place = place;
        }

        Content read() throws IOException {
            if (value.token() == JsonToken.VALUE_STRING) {
                text.append(value.text(place));
            } else if (value.token() == JsonToken.START_ARRAY) {
                for (int i = 0; value.next() != JsonToken.END_ARRAY; i++) {
                    part(place + '[' + i + ']');
                }
            } else {
                fault(MemberReader.refusal(place, value.kind(), PARTS));
            }
            return this;
        }

        private void part(String partPlace) throws IOException {
            Part part = new Part(partPlace);
            value.object(partPlace, part::member);
            String type = part.type;
            if (type == null) {
                fault(MemberReader.refusal(partPlace + ".type", "missing", "input_text or output_text"));
                return;
            }
            switch (type) {
                case "input_text", "output_text", "text" -> add(part.text, partPlace + ".text");
                case "refusal" -> {
                    add(part.refusal, partPlace + ".refusal");
                    refusal = refusal == null ? unsupportedPart(partPlace, type) : refusal;
                }
                default -> fault(unsupportedPart(partPlace, type));
            }
        }

        private void add(@Nullable String part, String partPlace) {
            if (part == null) {
                fault(MemberReader.refusal(partPlace, "missing", "string"));
            } else {
                text.append(part);
            }
        }

        private void fault(RefusedException next) {
            fault = fault == null ? next : fault;
        }

        String text(boolean isAnswer) {
            if (fault != null) {
                throw fault;
            }
            if (refusal != null && !isAnswer) {
                throw refusal;
            }
            return text.toString();
        }
    }

    private static RefusedException unsupportedPart(String place, String type) {
        return unsupported(place + ".type", type, "input_text or output_text");
    }

    private static RefusedException unsupported(String place, String type, String rule) {
        return MemberReader.unsupportedValue(
                place, place + ": \"" + Quote.cut(type) + "\" is not supported (expected: " + rule + ")");
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
