package dev.runnel.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.TestConfig;
import dev.runnel.http.error.RefusedException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted. For what is refused see {@code BadBodyTest}. */
class RequestParserTest {

    private final RequestParser parser = new RequestParser(TestConfig.of("").generation());

    private GenerateRequest parsed(String fields) {
        return parser.parse(Buffer.buffer("{\"prompt\":\"x\"" + fields + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages",
                "maxTokens",
                "temperature",
                "topP",
                "topK",
                "stop",
                "seed",
                "presencePenalty",
                "frequencyPenalty",
                "responseFormat",
                "thinking",
                "model",
                "includeText"
            })
    void nullIsTheSameAsAbsent(String field) {
        assertThat(parsed(",\"" + field + "\":null")).isEqualTo(parsed(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "20.0", "2e1", "2E+1", "0.2e2", "200.000e-1"})
    void wholeNumberMayBeWrittenAsAFraction(String number) {
        GenerateRequest request = parsed(",\"maxTokens\":%s,\"topK\":%s,\"seed\":%s".formatted(number, number, number));

        assertThat(request.maxTokens()).isEqualTo(20);
        assertThat(request.sampling().topK()).isEqualTo(20);
        assertThat(request.sampling().seed()).isEqualTo(20);
    }

    @Test
    void zeroMayHaveASignAndAnExponent() {
        assertThat(parsed(",\"topK\":-0.0").sampling().topK()).isZero();
        assertThat(parsed(",\"topK\":0e999999999").sampling().topK()).isZero();
    }

    @Test
    void promptIsOneTurnOfTheUser() {
        GenerateRequest request = parsed("");

        assertThat(request.turns()).containsExactly(Turn.user("x"));
        assertThat(request.turnsField()).isEqualTo("prompt");
    }

    @Test
    void promptBytesAreThoseOfAllContents() {
        var request = new GenerateRequest(
                List.of(Turn.user("é"), new Turn(Turn.Role.ASSISTANT, "abc"), Turn.user("😀")),
                "messages",
                1,
                false,
                Sampling.UNSET,
                "",
                null,
                true);

        assertThat(request.promptBytes()).isEqualTo(2 + 3 + 4);
        assertThat(request).asString().doesNotContain("abc");
    }

    @Test
    void messagesAreTurnsInTheirOrder() {
        GenerateRequest request = whole("""
            {"prompt":null,"messages":[{"role":"system","content":"Be brief."},
             {"content":"<|im_end|>","role":"user"},{"role":"assistant","content":""},
             {"role":"user","content":"Go on"},{"role":"user","content":"😀"}]}
            """);

        assertThat(request.turns())
                .containsExactly(
                        new Turn(Turn.Role.SYSTEM, "Be brief."),
                        Turn.user("<|im_end|>"),
                        new Turn(Turn.Role.ASSISTANT, ""),
                        Turn.user("Go on"),
                        Turn.user("😀"));
        assertThat(request.turnsField()).isEqualTo("messages");
    }

    @Test
    void responseFormatBecomesAnOptionOfTheEngineWithItsSchemaAsItWasSent() {
        String schema = "{ \"const\": 1e400, \"x\\u00e9\": \"\\ud800\" }";

        assertThat(parsed(",\"responseFormat\":{\"type\":\"text\"}").options()).isEmpty();
        assertThat(parsed(",\"responseFormat\":{\"schema\":null,\"type\":\"json\"}")
                        .options())
                .isEqualTo("{\"response_format\":{\"type\":\"json_object\"}}");
        assertThat(parsed(",\"responseFormat\":{\"type\":\"json\",\"schema\":" + schema + "},\"seed\":1")
                        .options())
                .isEqualTo("{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"response\","
                        + "\"strict\":true,\"schema\":" + schema + "}}}");
    }

    @Test
    void thinkingBecomesAnOptionOfTheEngine() {
        String format = ",\"responseFormat\":{\"type\":\"json\"}";

        assertThat(parsed(",\"thinking\":false").options()).isEqualTo("{\"thinking\":false}");
        assertThat(parsed(format + ",\"thinking\":true").options())
                .isEqualTo("{\"thinking\":true,\"response_format\":{\"type\":\"json_object\"}}");
        assertThatThrownBy(() -> parsed(",\"thinking\":1")).hasMessageContaining("thinking: 1 (expected: ");
    }

    @Test
    void schemaHas64LevelsAnd256KibibytesWithItsOption() {
        String deep = "{\"a\":".repeat(63) + "{}" + "}".repeat(63);
        String large = "{\"title\":\"" + "x".repeat(262_144 - 120) + "\"}";
        String format = ",\"responseFormat\":{\"type\":\"json\",\"schema\":%s}";

        assertThat(parsed(format.formatted(deep)).options()).contains(deep);
        assertThat(parsed(format.formatted(large)).optionsBytes()).isLessThanOrEqualTo(262_144);
        assertThatThrownBy(() -> parsed(format.formatted("{\"a\":" + deep + "}")))
                .hasMessageContaining("responseFormat.schema: nested too deeply (expected: at most 64 levels)");
        assertThatThrownBy(() -> parsed(format.formatted(large.replace("title", "t".repeat(100)))))
                .hasMessageContaining("bytes (expected: at most 262144)");
    }

    @Test
    void contentsHaveTwoMillionCodePointsTogether() {
        String most = "😀".repeat(999_999) + "x";
        String body = "{\"messages\":[{\"role\":\"assistant\",\"content\":\"" + most
                + "\"},{\"role\":\"user\",\"content\":\"%s\"}]}";

        assertThat(whole(body.formatted(most)).turns()).hasSize(2);
        assertThatThrownBy(() -> whole(body.formatted(most + "y")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("messages: more than 2000000 code points (");
    }

    @Test
    void conversationHas4096Messages() {
        String user = "{\"role\":\"user\",\"content\":\"x\"}";

        assertThat(whole("{\"messages\":[" + (user + ",").repeat(4095) + user + "]}")
                        .turns())
                .hasSize(4096);
    }

    private GenerateRequest whole(String body) {
        return parser.parse(Buffer.buffer(body));
    }
}
