package dev.runnel.cli.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * An answer of a service that is not 200.
 *
 * @param code the error's code; empty without any
 * @param message for the user
 */
record Refusal(int status, String code, String message) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 65_536;
    private static final String DATA = "data: ";
    private static final Set<String> CODES_OF_A_MOMENT = Set.of("in_progress", "readers");
    private static final int UNAUTHORIZED = 401;

    /** Reads the body: an error as JSON, alone or in one event. */
    static Refusal of(HttpResponse<InputStream> response) throws IOException {
        String text;
        try (InputStream body = response.body()) {
            text = new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
        }
        JsonNode error = error(text.startsWith(DATA) ? text.substring(DATA.length()) : text);
        int status = response.statusCode();
        String message = error.path("message")
                .asText("answered with status " + status + " (expected: a service of the" + " Runnel API)");
        String hint = status == UNAUTHORIZED ? " (the key comes from the variable RUNNEL_KEY)" : "";
        return new Refusal(status, error.path("code").asText(""), message + hint);
    }

    private static JsonNode error(String json) {
        try {
            return JSON.readTree(json).path("error");
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    /** Whether the same request may succeed soon, for a generation that the service has. */
    boolean isForAMoment() {
        return status >= 500 || CODES_OF_A_MOMENT.contains(code);
    }

    SourceException exception() {
        return new SourceException(message);
    }
}
