package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.error.ErrorBody;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.PassThrough;
import io.vertx.core.buffer.Buffer;

/** Requests that were parsed or refused. */
final class Parsed {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Parsed() {}

    static GenerateRequest parse(Family family, String body) {
        return new OpenAiParser(family, () -> PassThrough.NONE).parse(Buffer.buffer(body));
    }

    static JsonNode refusal(Family family, String body) throws Exception {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> parse(family, body));
        assertThat(refused).as("refusal of %s", body).isNotNull();
        return JSON.readTree(ErrorBody.openAi(refused)).get("error");
    }

    static void assertRefused(Family family, String body, String param, String code) throws Exception {
        JsonNode error = refusal(family, body);

        assertThat(error.get("param").asText()).as(body).isEqualTo(param);
        assertThat(error.get("code").asText()).as(body).isEqualTo(code);
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    }
}
