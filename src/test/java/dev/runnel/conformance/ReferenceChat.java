package dev.runnel.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers one chat with the fault of its server. */
final class ReferenceChat {

    private static final List<String> WORDS = List.of("A small ", "river ", "saw the sea.");

    private final Fault fault;
    private final HttpExchange exchange;
    private final JsonNode request;
    private int chunks;

    ReferenceChat(Fault fault, HttpExchange exchange, JsonNode request) {
        this.fault = fault;
        this.exchange = exchange;
        this.request = request;
    }

    void answer() throws IOException {
        if (request.path("model").asText().startsWith("no-such")) {
            refuse(404, "not_found_error", "model", "model_not_found");
        } else if (request.path("n").asInt(1) > 1 && fault != Fault.CHAT_ANSWERS_ANOTHER_MEANING) {
            refuse(400, "invalid_request_error", "n", "unsupported_value");
        } else if (refuses("no_such_member", Fault.CHAT_REFUSES_UNKNOWN)
                || refuses("tools", Fault.CHAT_REFUSES_TOOLS)
                || refuses("stop", Fault.CHAT_REFUSES_NULL)) {
            refuse(400, "invalid_request_error", null, null);
        } else if (request.path("stream").asBoolean()) {
            stream();
        } else {
            whole();
        }
    }

    private boolean refuses(String member, Fault planted) {
        return fault == planted && request.has(member);
    }

    private void refuse(int status, String type, String param, String code) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode error = body.putObject("error").put("message", "not accepted; see the contract");
        error.put("type", type).put("param", param).put("code", code);
        if (fault == Fault.CHAT_ERROR_WITHOUT_CODE) {
            error.remove("code");
        }
        boolean isEvent = fault == Fault.CHAT_REFUSAL_IS_AN_EVENT
                && request.path("stream").asBoolean();
        send(
                status,
                isEvent ? "text/event-stream" : "application/json",
                isEvent ? "data: " + body + "\n\n" : "" + body);
    }

    private void send(int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private ObjectNode head(String object) {
        long created = fault == Fault.CHAT_CREATED_CHANGES ? chunks : 0;
        chunks++;
        String id = fault == Fault.CHAT_ID_OF_ITS_OWN ? "chatcmpl-1" : "gen_1";
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", "text");
    }

    private ObjectNode usage() {
        int total = fault == Fault.CHAT_TOTAL_IS_WRONG ? 7 : 8;
        return JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", 5)
                .put("completion_tokens", 3)
                .put("total_tokens", total);
    }

    private void whole() throws IOException {
        ObjectNode answer = head("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", String.join("", WORDS))
                .putNull("refusal");
        if (fault != Fault.CHAT_WITHOUT_LOGPROBS) {
            choice.putNull("logprobs");
        }
        choice.put("finish_reason", "stop");
        answer.set("usage", usage());
        exchange.getResponseHeaders().set("X-Generation-Id", "gen_1");
        send(200, "application/json", answer.toString());
    }

    private void stream() throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("X-Generation-Id", "gen_1");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            texts(out);
            if (request.path("model").asText().equals("failing")) {
                String name = fault == Fault.CHAT_ERROR_WITHOUT_NAME ? "" : "event: error\n";
                write(
                        out,
                        name + "data: {\"error\":{\"message\":\"it failed\",\"type\":\"api_error\",\"param\":null,"
                                + "\"code\":\"upstream_failed\"}}\n\n");
            } else {
                end(out);
            }
        }
    }

    private void texts(OutputStream out) throws IOException {
        chunk(out, delta("").put("role", "assistant"), null);
        for (String word : WORDS) {
            ObjectNode delta = delta(word);
            chunk(out, fault == Fault.CHAT_ROLE_TWICE ? delta.put("role", "assistant") : delta, null);
        }
        if (fault == Fault.CHAT_EMPTY_TEXT) {
            chunk(out, delta(""), null);
        }
    }

    private void end(OutputStream out) throws IOException {
        chunk(out, fault == Fault.CHAT_TEXT_IN_FINISH ? delta("!") : JsonNodeFactory.instance.objectNode(), "stop");
        boolean asked = request.at("/stream_options/include_usage").asBoolean();
        if (asked ? fault != Fault.CHAT_USAGE_MISSING : fault == Fault.CHAT_USAGE_UNASKED) {
            ObjectNode chunk = head("chat.completion.chunk");
            chunk.putArray("choices");
            chunk.set("usage", usage());
            write(out, "data: " + chunk + "\n\n");
        }
        if (fault != Fault.CHAT_WITHOUT_DONE) {
            write(out, "data: [DONE]\n\n");
        }
    }

    private static ObjectNode delta(String content) {
        return JsonNodeFactory.instance.objectNode().put("content", content);
    }

    private void chunk(OutputStream out, ObjectNode delta, String finish) throws IOException {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finish);
        write(out, "data: " + chunk + "\n\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
