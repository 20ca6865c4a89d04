package dev.runnel.bench.relay;

import java.nio.charset.StandardCharsets;

/** What the upstream writes: HTTP/1.1 chunks, of an event each. For one thread: tokens are stamped in place. */
final class UpstreamFormat {

    /** What follows a token's text in its line. A reader finds the text by it. */
    static final String AFTER_TEXT = "\"},\"finish_reason\":null}]}";

    static final byte[] HEAD = ascii(String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "content-type: text/event-stream",
            "cache-control: no-cache",
            "transfer-encoding: chunked",
            "",
            ""));

    private static final String BEFORE = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1700000000,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{";
    private static final int BEHIND_TOKEN_BYTES = (AFTER_TEXT + "\n\n\r\n").length();

    private final byte[] firstToken = tokenAfter("\"role\":\"assistant\",\"content\":\"");
    private final byte[] furtherToken = tokenAfter("\"content\":\"");

    private static byte[] tokenAfter(String before) {
        return chunk(BEFORE + before + "x".repeat(Stamp.TOKEN_BYTES) + AFTER_TEXT + "\n\n");
    }

    private static byte[] chunk(String payload) {
        return ascii(Integer.toHexString(payload.length()) + "\r\n" + payload + "\r\n");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** One event, with this moment in it; valid until the next one. */
    byte[] token(boolean first) {
        byte[] event = first ? firstToken : furtherToken;
        Stamp.write(event, event.length - BEHIND_TOKEN_BYTES - Stamp.TOKEN_BYTES);
        return event;
    }

    /** The finish reason, the usage, the end. */
    static byte[] end(int tokens) {
        String finish =
                BEFORE + "},\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":"
                        + tokens + ",\"total_tokens\":" + (tokens + 8) + "}}\n\n";
        return ascii(new String(chunk(finish + "data: [DONE]\n\n"), StandardCharsets.US_ASCII) + "0\r\n\r\n");
    }

    static byte[] answer(String text) {
        return ascii(
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: " + text.length() + "\r\n\r\n" + text);
    }
}
