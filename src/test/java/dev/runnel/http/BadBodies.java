package dev.runnel.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bodies that are wrong, each in one way, and what the refusal says of it. */
final class BadBodies {

    private static final List<String> NOT_JSON = List.of(
            "{",
            "}",
            "{]",
            "{\"prompt\"",
            "{\"prompt\":",
            "{\"prompt\":\"x\"",
            "{\"prompt\":\"x}",
            "{\"prompt\":\"x\",}",
            "{,\"prompt\":\"x\"}",
            "{prompt:\"x\"}",
            "{'prompt':'x'}",
            "{\"prompt\":'x'}",
            "{\"prompt\" \"x\"}",
            "{\"prompt\":\"x\" \"topK\":1}",
            "{\"prompt\":\"a\nb\"}",
            "{\"prompt\":\"a\tb\"}",
            "{\"prompt\":\"\\x\"}",
            "{\"prompt\":\"\\u12\"}",
            "{\"prompt\":\"\\u12g4\"}",
            "{\"prompt\":undefined}",
            "{\"prompt\":tru}",
            "{\"prompt\":nul}",
            "{\"topK\":01}",
            "{\"topK\":+1}",
            "{\"topK\":.5}",
            "{\"topK\":1.}",
            "{\"topK\":1e}",
            "{\"topK\":--1}",
            "{\"topK\":0x10}",
            "{\"topK\":1_000}",
            "{\"temperature\":NaN}",
            "{\"temperature\":Infinity}",
            "{\"temperature\":-Infinity}",
            "{\"temperature\":-}",
            "{\"prompt\":\"x\"}}",
            "{\"prompt\":\"x\"}]",
            "/* c */{\"prompt\":\"x\"}",
            "{\"prompt\":\"x\"} // c",
            "# c",
            "<xml/>",
            "prompt=x",
            "\u0000",
            "{\"prompt\":\"\u0000\"}",
            "{\"topK\":" + "1".repeat(1001) + "}");

    private static final String INTEGER_4096 = "integer, 1 … 4096";
    private static final String PROMPT_RULE = "string, 1 … 100000 code points";
    private static final String STOP_RULE = "array of 1 … 4 strings of 1 … 64 characters";

    private final List<Case> cases = new ArrayList<>();

    /**
     * One of them.
     *
     * @param param the field that the refusal names, empty for none
     * @param message a part of what it says
     */
    record Case(Buffer body, String param, String message) {

        @Override
        public String toString() {
            String text = body.toString();
            return text.length() > 80 ? text.substring(0, 80) + "…" : text;
        }
    }

    static List<Case> all() {
        BadBodies bodies = new BadBodies();
        bodies.shapes();
        bodies.prompts();
        BadConversations.all().forEach(bodies.cases::add);
        bodies.integers();
        bodies.numbers();
        bodies.stops();
        bodies.others();
        bodies.formats();
        bodies.names();
        bodies.encodings();
        return bodies.cases;
    }

    private void shapes() {
        for (String broken : NOT_JSON) {
            add(broken, "", "body: not valid JSON");
        }
        add("", "", "body: empty");
        add("  \r\n\t ", "", "body: empty");
        add("[", "", "body: an array");
        add("[]", "", "body: an array");
        add("[{\"prompt\":\"x\"}]", "", "body: an array");
        for (String scalar : List.of("null", "true", "1", "-1.5", "\"prompt\"")) {
            add(scalar, "", "body: not an object");
        }
        add("{\"prompt\":\"x\"} {}", "", "body: content after the object");
        add("{\"prompt\":\"x\"}\n{\"prompt\":\"x\"}", "", "body: content after the object");
        add("{\"prompt\":\"x\"}1", "", "body: content after the object");
    }

    private void prompts() {
        add("{}", "prompt", "prompt: missing (expected: " + PROMPT_RULE + "; or messages)");
        add("{\"topK\":1}", "prompt", "prompt: missing");
        add("{\"prompt\":\"\"}", "prompt", "prompt: empty (expected: " + PROMPT_RULE + ")");
        add(
                "{\"prompt\":null,\"messages\":null}",
                "prompt",
                "prompt: missing (expected: " + PROMPT_RULE + "; or messages)");
        add("{\"prompt\":4711}", "prompt", "prompt: a number (");
        add("{\"prompt\":true}", "prompt", "prompt: true (");
        add("{\"prompt\":[\"x\"]}", "prompt", "prompt: an array (");
        add("{\"prompt\":{\"text\":\"x\"}}", "prompt", "prompt: an object (");
        add("{\"prompt\":\"" + "x".repeat(100_001) + "\"}", "prompt", "prompt: 100001 characters (");
        add("{\"prompt\":\"" + "😀".repeat(100_001) + "\"}", "prompt", "prompt: 100001 characters (");
        for (String half :
                List.of("\\ud83d", "\\ude00", "a\\ud83db", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00", "\\uDBFF")) {
            add("{\"prompt\":\"" + half + "\"}", "prompt", "prompt: has an unpaired surrogate");
        }
        add("{\"prompt\":\"x\",\"prompt\":\"x\"}", "prompt", "prompt: given twice");
        add("{\"topK\":1,\"prompt\":\"x\",\"topK\":1}", "topK", "topK: given twice");
        add("{\"topK\":null,\"prompt\":\"x\",\"topK\":null}", "topK", "topK: given twice");
        add("{\"prompt\":\"x\",\"topK\":1,\"\\u0074opK\":1}", "topK", "topK: given twice");
    }

    private void formats() {
        field("responseFormat", "\"json\"", "a string (expected: {\"type\":\"text\"}, ");
        format("{}", ".type: missing (expected: text or json)");
        format("{\"type\":null}", ".type: missing");
        format("{\"type\":\"xml\"}", ".type: \"xml\" (expected: text or json)");
        format("{\"type\":1}", ".type: 1 (");
        format("{\"type\":\"json\",\"type\":\"json\"}", ".type: given twice");
        format("{\"type\":\"json\",\"strict\":true}", ".strict: unknown field (expected: type or schema)");
        format("{\"type\":\"text\",\"schema\":{}}", ".schema: given beside type text");
        format("{\"type\":\"json\",\"schema\":[]}", ".schema: an array (");
        format("{\"type\":\"json\",\"schema\":{\"a\":[{\"b\":1,\"b\":2}]}}", ".schema: b is given twice");
        format("{\"type\":\"json\",\"schema\":" + "{\"a\":".repeat(65), ".schema: nested too deeply");
        add("{\"responseFormat\":{\"schema\":{\"a\":" + "[".repeat(40) + "x", "", "body: not valid JSON");
    }

    private void format(String value, String message) {
        add("{\"prompt\":\"x\",\"responseFormat\":" + value + "}", "responseFormat", "responseFormat" + message);
    }

    private void integers() {
        for (String value : List.of(
                "0",
                "-1",
                "-0",
                "4097",
                "100000",
                "999999999999999999",
                "9223372036854775808",
                "1.5",
                "1e-1",
                "4.097e3",
                "1e999",
                "-1e999",
                "1e-999999999",
                "1e99999999999",
                "\"1\"",
                "true")) {
            field("maxTokens", value, value + " (expected: " + INTEGER_4096 + ")");
        }
        field("maxTokens", "[1]", "an array (expected: " + INTEGER_4096 + ")");
        field("maxTokens", "{}", "an object (expected: " + INTEGER_4096 + ")");
        field("maxTokens", "1".repeat(100), "1".repeat(64) + "… (expected: " + INTEGER_4096 + ")");
        field("maxTokens", '"' + "9".repeat(100) + '"', '"' + "9".repeat(64) + "…\" (expected: " + INTEGER_4096 + ")");
        for (String value : List.of("-1", "1001", "0.5", "1.001e3", "1e-9", "\"0\"", "false")) {
            field("topK", value, value + " (expected: integer, 0 … 1000)");
        }
        for (String value : List.of("-1", "4294967295", "18446744073709551616", "1e10", "\"7\"")) {
            field("seed", value, value + " (expected: integer, 0 … 4294967294)");
        }
    }

    private void numbers() {
        for (String value : List.of("-0.0001", "2.0000001", "3", "-1", "1e999", "-1e999", "\"0.8\"", "true")) {
            field("temperature", value, value + " (expected: number, 0 … 2)");
        }
        field("temperature", "0." + "1".repeat(200), "0." + "1".repeat(62) + "… (expected: number, 0 … 2)");
        for (String value : List.of("0", "0.0", "-0.0", "-0.5", "1.0001", "2", "1e-999", "1e999", "\"1\"")) {
            field("topP", value, value + " (expected: number, more than 0, at most 1)");
        }
        for (String value : List.of("-2.1", "2.1", "1e999", "\"0\"", "false")) {
            field("presencePenalty", value, value + " (expected: number, -2 … 2)");
            field("frequencyPenalty", value, value + " (expected: number, -2 … 2)");
        }
    }

    private void stops() {
        field("stop", "\"secret-stop\"", "a string (expected: " + STOP_RULE + ")");
        field("stop", "7", "a number (expected: " + STOP_RULE + ")");
        field("stop", "{}", "an object (expected: " + STOP_RULE + ")");
        field("stop", "[]", "an empty array (expected: " + STOP_RULE + ")");
        field("stop", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "more than 4 strings (expected: " + STOP_RULE + ")");
        stop("[\"\"]", "stop[0]: empty (");
        stop("[\"a\",\"\"]", "stop[1]: empty (");
        stop("[null]", "stop[0]: null (");
        stop("[\"a\",1]", "stop[1]: a number (");
        stop("[[\"a\"]]", "stop[0]: an array (");
        stop("[[[[[[[[[[]]]]]]]]]]", "stop[0]: an array (");
        stop("[{\"a\":1,\"a\":2}]", "stop[0]: an object (");
        stop("[true]", "stop[0]: true (");
        stop("[\"" + "s".repeat(65) + "\"]", "stop[0]: 65 characters (");
        stop("[\"" + "😀".repeat(65) + "\"]", "stop[0]: 65 characters (");
        stop("[\"\\ud800\"]", "stop[0]: has an unpaired surrogate");
    }

    private void stop(String value, String message) {
        add("{\"prompt\":\"x\",\"stop\":" + value + "}", "stop", message);
    }

    private void others() {
        for (String value : List.of("1", "true")) {
            field("model", value, value + " (expected: string, a name that GET /v1/models lists)");
        }
        field("model", "[\"echo\"]", "an array (expected: string,");
        field("model", "{}", "an object (expected: string,");
        for (String value : List.of("0", "1", "\"true\"", "\"false\"", "\"\"")) {
            field("includeText", value, value + " (expected: true or false)");
        }
        field("includeText", "[]", "an array (expected: true or false)");
        field("includeText", "\"\\ud83d\"", "\"?\" (expected: true or false)");
        field("includeText", "\"a\\nb\\u0000\\\"\\u2028\"", "\"a\nb\u0000\"\u2028\" (expected: true or false)");
        field("includeText", '"' + "😀".repeat(65) + '"', '"' + "😀".repeat(64) + "…\" (expected: true or false)");
    }

    private void names() {
        unknown("max_tokens", "did you mean maxTokens?");
        unknown("MaxTokens", "did you mean maxTokens?");
        unknown("maxtoken", "did you mean maxTokens?");
        unknown("Prompt", "did you mean prompt?");
        unknown("promt", "did you mean prompt?");
        unknown("top_p", "did you mean topP?");
        unknown("top-k", "did you mean topK?");
        unknown("temprature", "did you mean temperature?");
        unknown("stops", "did you mean stop?");
        unknown("include_text", "did you mean includeText?");
        unknown("frequency_penalty", "did you mean frequencyPenalty?");
        unknown("stream", "expected: one of prompt, messages, maxTokens,");
        unknown("", "expected: one of prompt, messages, maxTokens,");
        unknown("__proto__", "expected: one of prompt, messages, maxTokens,");
        add("{\"" + "n".repeat(5000) + "\":1}", "n".repeat(64) + "…", "n".repeat(64) + "…: unknown field (");
        add("{\"\\ud800\":1}", "", "body: not valid JSON");
        add("{\"a\\u0000\\r\\nb\":1}", "a\u0000\r\nb", "unknown field (");
        add("{\"" + "n".repeat(60_000) + "\":1}", "", "body: not valid JSON");
        add(
                "{\"nested\":{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":1}}}}}}}}}",
                "nested",
                "nested: unknown field");
        add("{\"x\":" + "[".repeat(100_000), "x", "x: unknown field");
        add("{\"prompt\":" + "[".repeat(100_000), "prompt", "prompt: an array");
        add("{\"prompt\":" + "{\"a\":".repeat(50_000), "prompt", "prompt: an object");
    }

    private void unknown(String name, String hint) {
        add("{\"" + name + "\":1,\"prompt\":\"x\"}", name, name + ": unknown field (" + hint);
    }

    private void encodings() {
        byte[] good = "{\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        add(
                joined(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, good),
                "",
                "body: starts with a byte-order mark");
        add("{\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_16), "", "body: not UTF-8");
        // These are the same with NUL between the letters, which is UTF-8.
        add("{\"prompt\":\"x\"}".getBytes(StandardCharsets.UTF_16LE), "", "body: not valid JSON");
        add("{\"prompt\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1), "", "body: not UTF-8");
        invalid(0x80);
        invalid(0xFF);
        invalid(0xC3);
        invalid(0xC0, 0x80);
        invalid(0xE0, 0x80, 0x80);
        invalid(0xED, 0xA0, 0x80);
        invalid(0xED, 0xBF, 0xBF);
        invalid(0xF4, 0x90, 0x80, 0x80);
        invalid(0xF0, 0x9F, 0x98);
        invalid(0xF8, 0x88, 0x80, 0x80, 0x80);
    }

    private void invalid(int... sequence) {
        byte[] bytes = new byte[sequence.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) sequence[i];
        }
        byte[] head = "{\"prompt\":\"".getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\"}".getBytes(StandardCharsets.UTF_8);
        add(joined(joined(head, bytes), tail), "", "body: not UTF-8");
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = new byte[a.length + b.length];
        System.arraycopy(a, 0, both, 0, a.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private void field(String name, String value, String message) {
        add("{\"prompt\":\"x\",\"" + name + "\":" + value + "}", name, name + ": " + message);
    }

    private void add(String body, String param, String message) {
        add(body.getBytes(StandardCharsets.UTF_8), param, message);
    }

    private void add(byte[] body, String param, String message) {
        cases.add(new Case(Buffer.buffer(body), param, message));
    }
}
