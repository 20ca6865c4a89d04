package dev.runnel.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Bodies whose {@code messages} are wrong, each in one way, and what the refusal says of it. */
final class BadConversations {

    private static final String RULE = "array of 1 … 4096 {\"role\",\"content\"}, 2000000 code points together";
    private static final String ROLES = "system, user or assistant";
    private static final String USER = "{\"role\":\"user\",\"content\":\"secret-a\"}";
    private static final String ASSISTANT = "{\"role\":\"assistant\",\"content\":\"secret-b\"}";
    private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"secret-c\"}";

    private final List<BadBodies.Case> cases = new ArrayList<>();

    static List<BadBodies.Case> all() {
        BadConversations bodies = new BadConversations();
        bodies.shapes();
        bodies.roles();
        bodies.contents();
        bodies.orders();
        bodies.members();
        bodies.bounds();
        return bodies.cases;
    }

    private void shapes() {
        refused("\"secret\"", "", "a string (expected: " + RULE + ")");
        refused("1", "", "a number (expected: " + RULE + ")");
        refused("true", "", "true (expected: " + RULE + ")");
        refused(USER, "", "an object (expected: " + RULE + ")");
        refused("[]", "", "an empty array (expected: " + RULE + ")");
        refused("[\"secret\"]", "[0]", "a string (expected: an object with role and content)");
        refused("[null]", "[0]", "null (");
        refused("[" + USER + ",[]]", "[1]", "an array (");
        refused("[[[[[[[[[[]]]]]]]]]]", "[0]", "an array (");
        add("{\"prompt\":\"x\",\"messages\":[" + USER + "]}", "messages", "messages: given beside prompt (");
        add("{\"messages\":[" + USER + "],\"prompt\":\"x\"}", "messages", "messages: given beside prompt (");
        add("{\"messages\":[" + USER + "],\"messages\":[" + USER + "]}", "messages", "messages: given twice");
        add("{\"messages\":[" + USER, "", "body: not valid JSON");
        add("{\"messages\":[" + USER + "}", "", "body: not valid JSON");
    }

    private void roles() {
        for (String role :
                List.of("\"tool\"", "\"User\"", "\"developer\"", "\"\"", "\"unknown\"", "1", "null", "true")) {
            refused(
                    "[{\"role\":" + role + ",\"content\":\"secret\"}]",
                    "[0].role",
                    role + " (expected: " + ROLES + ")");
        }
        refused("[{\"role\":{},\"content\":\"x\"}]", "[0].role", "an object (expected: " + ROLES + ")");
        refused("[{\"role\":[\"user\"],\"content\":\"x\"}]", "[0].role", "an array (expected: " + ROLES + ")");
        refused(
                "[{\"content\":\"x\",\"role\":\"" + "r".repeat(100) + "\"}]",
                "[0].role",
                '"' + "r".repeat(64) + "…\" (");
        refused("[{\"content\":\"secret\"}]", "[0].role", "missing (expected: " + ROLES + ")");
        refused("[{}]", "[0].role", "missing (");
    }

    private void contents() {
        refused("[{\"role\":\"user\"}]", "[0].content", "missing (expected: string)");
        refused("[{\"role\":\"user\",\"content\":null}]", "[0].content", "null (expected: string)");
        refused("[{\"role\":\"user\",\"content\":4711}]", "[0].content", "a number (");
        refused("[{\"role\":\"user\",\"content\":false}]", "[0].content", "false (");
        refused("[{\"role\":\"user\",\"content\":{\"text\":\"secret\"}}]", "[0].content", "an object (");
        refused(
                "[" + USER + "," + ASSISTANT
                        + ",{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"secret\"}]}]",
                "[2].content",
                "an array (");
        refused("[{\"role\":\"user\",\"content\":" + "[".repeat(100_000), "[0].content", "an array (");
        for (String half : List.of("\\ud83d", "\\ude00", "a\\ud83db", "\\ude00\\ud83d")) {
            refused("[{\"role\":\"user\",\"content\":\"" + half + "\"}]", "[0].content", "has an unpaired surrogate (");
        }
    }

    private void orders() {
        String last = "(expected: user, because it is the last message)";
        refused("[" + SYSTEM + "]", "[0].role", "system " + last);
        refused("[" + ASSISTANT + "]", "[0].role", "assistant " + last);
        refused("[" + USER + "," + ASSISTANT + "]", "[1].role", "assistant " + last);
        String first = "system (expected: user or assistant; only the first message";
        refused("[" + USER + "," + SYSTEM + "," + USER + "]", "[1].role", first);
        refused("[" + SYSTEM + "," + SYSTEM + "," + USER + "]", "[1].role", first);
        refused("[" + SYSTEM + "," + USER + "," + SYSTEM + "]", "[2].role", first);
    }

    private void members() {
        member("name", "unknown field (expected: role and content)");
        member("tool_calls", "unknown field (expected: role and content)");
        member("Role", "unknown field (did you mean role?)");
        member("contents", "unknown field (did you mean content?)");
        member("", "unknown field (expected: role and content)");
        refused("[{\"" + "n".repeat(100) + "\":1}]", "[0]." + "n".repeat(64) + "…", "unknown field (");
        refused(
                "[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}]",
                "[0].role",
                "given twice (expected: once)");
        refused("[{\"role\":\"user\",\"content\":\"x\",\"\\u0072ole\":\"user\"}]", "[0].role", "given twice (");
        refused("[{\"content\":\"x\",\"content\":\"x\",\"role\":\"user\"}]", "[0].content", "given twice (");
        refused("[{\"content\":\"x\",\"content\":null,\"role\":\"user\"}]", "[0].content", "given twice (");
    }

    private void member(String name, String message) {
        refused(
                "[" + USER + ",{\"role\":\"user\",\"" + name + "\":{\"a\":[]},\"content\":\"x\"}]",
                "[1]." + name,
                message);
    }

    private void bounds() {
        refused("[" + (USER + ",").repeat(4096) + USER + "]", "", "more than 4096 messages (expected: " + RULE + ")");
    }

    /** @param place after {@code messages}, in the param and at the start of the message */
    private void refused(String messages, String place, String message) {
        String param = "messages" + place;
        add("{\"messages\":" + messages + ",\"topK\":1}", param, param + ": " + message);
    }

    private void add(String body, String param, String message) {
        cases.add(new BadBodies.Case(Buffer.buffer(body), param, message));
    }
}
