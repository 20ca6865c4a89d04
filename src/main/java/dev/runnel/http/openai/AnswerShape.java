package dev.runnel.http.openai;

import dev.runnel.text.FinishReason;

/** What differs between the answers of the routes. Each text stands in the answer as it is here. */
public enum AnswerShape {
    /** {@code /v1/chat/completions}. */
    CHAT(
            "/v1/chat/completions",
            "chat.completion",
            "chat.completion.chunk",
            "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":",
            ",\"refusal\":null",
            "{\"index\":0,\"delta\":{\"content\":\"",
            "\"}") {

        @Override
        String opening() {
            return "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}";
        }

        @Override
        String finish() {
            return "{\"index\":0,\"delta\":{}";
        }

        @Override
        String end() {
            return "}";
        }
    },
    /** {@code /v1/completions}. */
    TEXT(
            "/v1/completions",
            "text_completion",
            "text_completion",
            "{\"index\":0,\"text\":",
            "",
            "{\"index\":0,\"text\":\"",
            "\"") {

        @Override
        String opening() {
            return "";
        }

        @Override
        String finish() {
            return "{\"index\":0,\"text\":\"\"";
        }

        @Override
        String end() {
            return "";
        }
    };

    private final String path;
    private final String object;
    private final String chunkObject;
    private final String beforeText;
    private final String afterText;
    private final String beforeDelta;
    private final String afterDelta;

    AnswerShape(
            String path,
            String object,
            String chunkObject,
            String beforeText,
            String afterText,
            String beforeDelta,
            String afterDelta) {
        this.path = path;
        this.object = object;
        this.chunkObject = chunkObject;
        this.beforeText = beforeText;
        this.afterText = afterText;
        this.beforeDelta = beforeDelta;
        this.afterDelta = afterDelta;
    }

    /** Of the route. */
    public String path() {
        return path;
    }

    /** The choice of the first chunk up to {@code logprobs}; empty where there is no such chunk. */
    abstract String opening();

    /** The choice of the last chunk up to {@code logprobs}. */
    abstract String finish();

    /** What ends the message of a whole answer, after its other members. */
    abstract String end();

    /** The word for a finish reason in the answers of these routes. */
    static String word(FinishReason reason) {
        return reason == FinishReason.TOOL_CALLS ? "tool_calls" : reason.wireName();
    }

    String object() {
        return object;
    }

    String chunkObject() {
        return chunkObject;
    }

    /** What precedes the text of a whole answer with its quotes, or {@code null}. */
    String beforeText() {
        return beforeText;
    }

    String afterText() {
        return afterText;
    }

    String beforeDelta() {
        return beforeDelta;
    }

    String afterDelta() {
        return afterDelta;
    }
}
