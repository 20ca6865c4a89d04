package dev.runnel.http.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.error.ErrorBody;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.PassThrough;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;

/** Requests that were parsed or refused. */
final class ParsedResponse {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ParsedResponse() {}

    static ResponsesRequest parse(String body) {
        return new ResponsesParser(Duration.ofSeconds(60), () -> PassThrough.NONE).parse(Buffer.buffer(body));
    }

    static JsonNode refusal(String body) throws Exception {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> parse(body).continuing(List.of()));
        assertThat(refused).as("refusal of %s", body).isNotNull();
        return JSON.readTree(ErrorBody.openAi(refused)).get("error");
    }

    static void assertRefused(String body, String param, String code) throws Exception {
        JsonNode error = refusal(body);

        assertThat(error.get("param").asText()).as(body).isEqualTo(param);
        assertThat(error.get("code").asText()).as(body).isEqualTo(code);
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    }
}
