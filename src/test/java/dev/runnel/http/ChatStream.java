package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads a stream of chunks by the rules of its page. */
final class ChatStream {

    private static final String DATA = "data: ";

    private ChatStream() {}

    /** The text of a whole stream that ends well. */
    static String text(String stream) {
        return read(stream, false);
    }

    /** The same with what is not text in brackets, in its place. */
    static String answer(String stream) {
        return read(stream, true);
    }

    private static String read(String stream, boolean showsParts) {
        StringBuilder text = new StringBuilder();
        String last = "";
        boolean hasRole = false;
        for (String line : stream.lines().toList()) {
            if (line.startsWith(DATA) && !line.equals("data: [DONE]")) {
                JsonNode choice =
                        ResumedStream.json(line.substring(DATA.length())).at("/choices/0");
                JsonNode delta = choice.path("delta");
                assertThat(delta.has("role")).as("role first, and once").isEqualTo(!hasRole && !choice.isMissingNode());
                hasRole = true;
                text.append(delta.path("content").asText());
                if (showsParts && delta.has("reasoning_content")) {
                    text.append('[')
                            .append(delta.path("reasoning_content").asText())
                            .append(']');
                }
            }
            last = line.isEmpty() ? last : line;
        }
        assertThat(last).isEqualTo("data: [DONE]");
        return text.toString();
    }
}
