package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RefusalReasonTest {

    private static final String OPENAI = "{'error':{'message':'SECRET','type':'invalid_request_error',"
            + "'param':'stream_options','code':'unknown_parameter'}}";
    private static final String PYDANTIC = "{'detail':[{'type':'extra_forbidden',"
            + "'loc':['body','stream_options','include_usage'],'msg':'SECRET','input':true}]}";

    private static RefusalReason read(String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return RefusalReason.read(new JsonFactory(), bytes, bytes.length);
    }

    @Test
    void namesAreReadInBothForms() {
        assertThat(read(OPENAI).names())
                .containsExactly("invalid_request_error", "stream_options", "unknown_parameter");
        assertThat(read(PYDANTIC).names())
                .containsExactly("extra_forbidden", "body", "stream_options", "include_usage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[]", "{}", "{'error':null}", "{'error':{'code':null,'param':[]}}", "7", "]"})
    void bodyWithoutNamesHasNone(String body) {
        assertThat(read(body).names()).isEmpty();
    }

    @Test
    void namesBeforeACutAreKept() {
        assertThat(read("{'error':{'code':'x','message':'cut").names()).containsExactly("x");
    }

    @Test
    void textThatIsNoNameIsLeftOut() {
        assertThat(read("{'error':{'code':'a secret prompt','type':'" + "x".repeat(65) + "'}}")
                        .names())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "stream_options, unknown_parameter, true",
        "stream_options.include_usage, x, true",
        "model, x, true",
        "max_tokens, unsupported_parameter, true",
        "max_tokens, invalid_value, false",
        "temperature, unsupported_value, false",
        "messages, context_length_exceeded, false"
    })
    void ownFieldsAreThoseThatCallersDoNotSet(String param, String code, boolean own) {
        assertThat(read("{'error':{'param':'" + param + "','code':'" + code + "'}}")
                        .namesOwnField(Set.of()))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({"422, true", "400, true", "422, false", "400, false"})
    void callerIsNotBlamedForAFieldOfTheService(int status, boolean own, Vertx vertx) throws Exception {
        String body = (own
                        ? PYDANTIC
                        : PYDANTIC.replace("stream_options", "stop").replace("include_usage", "0"))
                .replace('\'', '"');
        try (var upstream = new FakeUpstream(vertx, ask -> ask.status(status, body));
                var rig = new Rig(vertx, Rig.model(upstream.url()))) {
            assertThat(rig.fail().code()).isEqualTo(own ? FailureCode.UPSTREAM_FAILED : FailureCode.INVALID_REQUEST);
            assertThat(String.join("", rig.reports())).doesNotContain("SECRET");
            assertThat(rig.reports().stream().anyMatch(line -> line.contains("stream_options")))
                    .isEqualTo(own);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, unsupported_value, UPSTREAM_FAILED",
        "max_tokens, invalid_value, UPSTREAM_FAILED",
        "max_tokens, context_length_exceeded, INVALID_REQUEST",
        "top_p, unsupported_value, INVALID_REQUEST",
        "seed, unsupported_value, INVALID_REQUEST"
    })
    void callerIsNotBlamedForADefaultOfTheModel(String param, String code, FailureCode failure, Vertx vertx)
            throws Exception {
        String body = "{\"error\":{\"param\":\"" + param + "\",\"code\":\"" + code + "\"}}";
        Sampling defaults = new Sampling(0.1, 0.5, null, null, null, null, List.of());
        Sampling asked = new Sampling(null, 0.9, null, 1L, null, null, List.of());
        try (var upstream = new FakeUpstream(vertx, ask -> ask.status(400, body));
                var rig = new Rig(vertx, model(defaults, upstream.url()))) {
            Recording recording = rig.start(new Prompt(List.of(Turn.user("x")), asked, 16, true), Integer.MAX_VALUE);

            assertThat(Rig.failure(recording).code()).isEqualTo(failure);
        }
    }

    private static ModelConfig model(Sampling defaults, String url) {
        Map<String, Object> upstreams = Map.of("upstreams", List.of(Map.of("url", url, "model", "m")));
        return new ModelConfig("relayed", "openai", ModelConfig.Template.CHAT, null, defaults, upstreams);
    }
}
