package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.config.tree.Nearest;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Quote;
import dev.runnel.text.Surrogates;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of {@code messages}, or refuses it. A refusal names the message and its member, as
 * {@code messages[2].role}. No refusal repeats a content. It reads no further than the first fault, and keeps no more
 * than the bounds allow.
 */
final class ConversationReader {

    private static final int MAX_MESSAGES = 4096;
    private static final int MAX_CODE_POINTS = 2_000_000;

    private static final String ROLE = "role";
    private static final String CONTENT = "content";
    private static final Map<String, Turn.Role> ROLES =
            Map.of("system", Turn.Role.SYSTEM, "user", Turn.Role.USER, "assistant", Turn.Role.ASSISTANT);
    private static final String ROLE_RULE = "system, user or assistant";
    private static final String CONTENT_RULE = "string";
    private static final String MEMBERS_RULE = "an object with role and content";

    private final JsonParser json;
    private final FieldReader value;
    private final List<Turn> turns = new ArrayList<>();
    private int codePoints;

    ConversationReader(JsonParser json, FieldReader value) {
        this.json = json;
        this.value = value;
    }

    /** The messages at the parser's current value, which is not {@code null}. */
    List<Turn> read() throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw refused("", value.kind(), rule());
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (turns.size() == MAX_MESSAGES) {
                throw refused("", "more than " + MAX_MESSAGES + " messages", rule());
            }
            turns.add(message());
        }
        if (turns.isEmpty()) {
            throw refused("", "an empty array", rule());
        }
        Turn.Role last = turns.get(turns.size() - 1).role();
        if (last != Turn.Role.USER) {
            throw refused(
                    "[" + (turns.size() - 1) + "]." + ROLE, last.wireName(), "user, because it is the last message");
        }
        return turns;
    }

    static String rule() {
        return "array of 1 … " + MAX_MESSAGES + " {\"role\",\"content\"}, " + MAX_CODE_POINTS + " code points together";
    }

    private Turn message() throws IOException {
        String place = "[" + turns.size() + "]";
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw refused(place, value.kind(), MEMBERS_RULE);
        }
        Turn.@Nullable Role role = null;
        String content = null;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            String member = place + "." + Quote.cut(name);
            if ((name.equals(ROLE) && role != null) || (name.equals(CONTENT) && content != null)) {
                throw refused(member, "given twice", "once");
            }
            json.nextToken();
            switch (name) {
                case ROLE -> role = role(member);
                case CONTENT -> content = content(member);
                default -> throw unknown(member, name);
            }
        }
        if (role == null) {
            throw refused(place + "." + ROLE, "missing", ROLE_RULE);
        }
        if (content == null) {
            throw refused(place + "." + CONTENT, "missing", CONTENT_RULE);
        }
        return new Turn(role, content);
    }

    private Turn.Role role(String member) throws IOException {
        Turn.Role role = json.currentToken() == JsonToken.VALUE_STRING ? ROLES.get(json.getText()) : null;
        if (role == null) {
            throw refused(member, value.shown(), ROLE_RULE);
        }
        if (role == Turn.Role.SYSTEM && !turns.isEmpty()) {
            throw refused(member, role.wireName(), "user or assistant; only the first message may be of the system");
        }
        return role;
    }

    private String content(String member) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw refused(member, value.kind(), CONTENT_RULE);
        }
        String content = json.getText();
        codePoints += content.codePointCount(0, content.length());
        if (codePoints > MAX_CODE_POINTS) {
            throw refused("", "more than " + MAX_CODE_POINTS + " code points", rule());
        }
        if (Surrogates.hasUnpaired(content)) {
            throw refused(member, "has an unpaired surrogate", "whole code points, which UTF-8 can encode");
        }
        return content;
    }

    private static RefusedException unknown(String member, String name) {
        String hint = Nearest.to(name, List.of(ROLE, CONTENT))
                .map(near -> "did you mean " + near + "?")
                .orElse("expected: " + ROLE + " and " + CONTENT);
        String param = RequestField.MESSAGES.wireName() + member;
        return new RefusedException(ErrorResponse.invalid(param, param + ": unknown field (" + hint + ")"));
    }

    private static RefusedException refused(String place, String value, String rule) {
        String param = RequestField.MESSAGES.wireName() + place;
        return new RefusedException(ErrorResponse.invalid(param, param + ": " + value + " (expected: " + rule + ")"));
    }
}
