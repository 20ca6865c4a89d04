package dev.runnel.http.responses;

import static dev.runnel.http.responses.ParsedResponse.assertRefused;
import static dev.runnel.http.responses.ParsedResponse.parse;
import static dev.runnel.http.responses.ParsedResponse.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.RequestFingerprint;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every member of the requests, and every refusal. */
class ResponsesParserTest {

    private static final String DEFAULTS = "\"background\":false,\"instructions\":null,\"max_output_tokens\":null,"
            + "\"metadata\":null,\"previous_response_id\":null,\"temperature\":null,"
            + "\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":null},\"tool_choice\":\"auto\",\"tools\":[],"
            + "\"top_p\":null,\"parallel_tool_calls\":true";

    private static String body(String members) {
        return "{\"input\":\"hi\"" + (members.isEmpty() ? "" : "," + members) + "}";
    }

    private static ResponsesRequest response(String members) {
        return parse(body(members));
    }

    private static GenerateRequest alone(String members) {
        return response(members).continuing(List.of());
    }

    private static List<KeptTurn> kept(List<Turn> turns) {
        return turns.stream().map(KeptTurn::new).toList();
    }

    @Test
    void inputAloneIsARequestWithEveryDefault() {
        ResponsesRequest response = response("");
        GenerateRequest request = response.request();

        assertThat(request.turns()).containsExactly(Turn.user("hi"));
        assertThat(request.turnsField()).isEqualTo("input");
        assertThat(request.sampling()).isEqualTo(Sampling.UNSET);
        assertThat(request.maxTokens()).isZero();
        assertThat(request.maxTokensIsDefault()).isTrue();
        assertThat(request.model()).isNull();
        assertThat(request.options()).isEmpty();
        assertThat(request.answer().family()).isEqualTo(Family.RESPONSES);
        assertThat(request.answer().isStreamed()).isFalse();
        assertThat(request.answer().isBackground()).isFalse();
        assertThat(response.instructions()).isNull();
        assertThat(response.previousId()).isEmpty();
        assertThat(response.members()).isEqualTo(DEFAULTS);
    }

    @Test
    void everyMemberOfTheTableIsReadAndRepeated() throws Exception {
        ResponsesRequest response = response("""
            "model":"m","stream":true,"background":true,"store":true,"instructions":"Be\\nkind.",
            "previous_response_id":"gen_1","max_output_tokens":7,"temperature":0.5,"top_p":0.25,
            "metadata":{"a":"1","ü":"\\"\\u2028"},"text":{"verbosity":"low"},"tools":[{"type":"function",
            "name":"f"}],"tool_choice":"none","parallel_tool_calls":false\
            """);

        assertThat(response.request().model()).isEqualTo("m");
        assertThat(response.request().answer().isStreamed()).isTrue();
        assertThat(response.request().answer().isBackground()).isTrue();
        assertThat(response.request().maxTokens()).isEqualTo(7);
        assertThat(response.request().sampling()).isEqualTo(new Sampling(0.5, 0.25, null, null, null, null, List.of()));
        assertThat(response.previousId()).contains("gen_1");
        assertThat(response.members()).doesNotContain("\n").doesNotContain("\u2028");
        JsonNode members = new ObjectMapper().readTree('{' + response.members() + '}');
        assertThat(members.get("background").asBoolean()).isTrue();
        assertThat(members.get("instructions").asText()).isEqualTo("Be\nkind.");
        assertThat(members.get("previous_response_id").asText()).isEqualTo("gen_1");
        assertThat(members.get("max_output_tokens").asInt()).isEqualTo(7);
        assertThat(members.get("temperature").asDouble()).isEqualTo(0.5);
        assertThat(members.get("top_p").asDouble()).isEqualTo(0.25);
        assertThat(members.at("/metadata/ü").asText()).isEqualTo("\"\u2028");
        assertThat(members.get("tool_choice").asText()).isEqualTo("none");
        assertThat(members.at("/tools/0/name").asText()).isEqualTo("f");
        assertThat(members.get("parallel_tool_calls").asBoolean()).isFalse();
    }

    @Test
    void instructionsPrecedeTheConversationAndAreNotKept() {
        ResponsesRequest response = response("\"instructions\":\"Be kind.\"");
        List<Turn> previous =
                List.of(new Turn(Turn.Role.SYSTEM, "Old."), Turn.user("one"), new Turn(Turn.Role.ASSISTANT, "two"));

        GenerateRequest request = response.continuing(kept(previous));

        assertThat(request.turns())
                .containsExactly(
                        new Turn(Turn.Role.SYSTEM, "Be kind.\n\nOld."),
                        Turn.user("one"),
                        new Turn(Turn.Role.ASSISTANT, "two"),
                        Turn.user("hi"));
        assertThat(request.kept().turns())
                .startsWith(new KeptTurn(previous.get(0)))
                .endsWith(new KeptTurn(Turn.user("hi")))
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "instructions",
                "previous_response_id",
                "model",
                "stream",
                "background",
                "store",
                "max_output_tokens",
                "temperature",
                "top_p",
                "metadata",
                "text",
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "conversation",
                "prompt",
                "thinking",
                "reasoning"
            })
    void nullIsAbsent(String member) {
        assertThat(response('"' + member + "\":null")).isEqualTo(response(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user",
                "include",
                "service_tier",
                "parallel_tool_calls",
                "reasoning",
                "truncation",
                "top_logprobs",
                "max_tool_calls",
                "stream_options",
                "safety_identifier",
                "prompt_cache_key",
                "messages",
                "n",
                "stop",
                "x"
            })
    void hintsAndUnknownMembersAreIgnoredOfWhateverType(String member) {
        for (String value : List.of("1", "true", "\"x\"", "[[{\"a\":[]}]]", "{\"a\":{\"b\":[1,{}]}}")) {
            assertThat(response('"' + member + "\":" + value)).isEqualTo(response(""));
        }
    }

    @Test
    void thinkingBecomesAnOptionOfTheEngine() {
        assertThat(options("\"thinking\":false")).isEqualTo("{\"thinking\":false}");
        assertThat(options("\"thinking\":true,\"reasoning\":{\"effort\":\"low\"}"))
                .isEqualTo("{\"thinking\":true}");
        assertThat(options("\"reasoning\":{\"effort\":\"none\",\"summary\":null}"))
                .isEqualTo("{\"reasoning_effort\":\"none\"}");
    }

    private static String options(String members) {
        return response(members).options().text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"store\":false",
                "\"text\":{}",
                "\"text\":{\"format\":null}",
                "\"text\":{\"format\":{\"type\":\"text\"}}",
                "\"tools\":[]",
                "\"tool_choice\":\"auto\""
            })
    void valuesThatChangeNothingAreAccepted(String members) {
        assertThat(response(members)).isEqualTo(response(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"store\":true | store",
                "\"store\":true,\"background\":false | store",
                "\"tool_choice\":{\"type\":\"web_search_preview\"} | tool_choice",
                "\"tool_choice\":{\"name\":\"f\"} | tool_choice",
                "\"conversation\":\"conv_1\" | conversation",
                "\"prompt\":{\"id\":\"p\"} | prompt"
            })
    void whatWouldChangeTheMeaningIsNotSupported(String members, String param) throws Exception {
        assertRefused(body(members), param, "unsupported_value");
    }

    @Test
    void refusalOfStoreSaysHowLongABackgroundResponseIsKept() throws Exception {
        assertThat(refusal(body("\"store\":true")).get("message").asText())
                .isEqualTo("store: true is not supported (expected: false, or background: true, whose response is kept"
                        + " for 60 s after its end)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"instructions\":1 | instructions",
                "\"instructions\":[\"a\"] | instructions",
                "\"instructions\":\"\\ud800\" | instructions",
                "\"previous_response_id\":1 | previous_response_id",
                "\"model\":1 | model",
                "\"stream\":\"true\" | stream",
                "\"background\":1 | background",
                "\"store\":\"true\" | store",
                "\"max_output_tokens\":0 | max_output_tokens",
                "\"max_output_tokens\":1.5 | max_output_tokens",
                "\"max_output_tokens\":\"9\" | max_output_tokens",
                "\"temperature\":2.1 | temperature",
                "\"temperature\":\"1\" | temperature",
                "\"top_p\":1.1 | top_p",
                "\"top_p\":-0.1 | top_p",
                "\"metadata\":[] | metadata",
                "\"metadata\":{\"a\":1} | metadata",
                "\"metadata\":{\"a\":{}} | metadata",
                "\"text\":\"text\" | text",
                "\"text\":{\"format\":\"text\"} | text.format",
                "\"text\":{\"format\":{}} | text.format",
                "\"text\":{\"format\":{\"type\":1}} | text.format.type",
                "\"text\":{\"format\":{\"type\":\"xml\"}} | text.format",
                "\"text\":{\"format\":{\"type\":\"json_schema\"}} | text.format.schema",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":\"x\"}} | text.format.schema",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{},\"name\":1}} | text.format.name",
                "\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{},\"strict\":1}} | text.format.strict",
                "\"tools\":{} | tools",
                "\"tool_choice\":\"maybe\" | tool_choice",
                "\"tool_choice\":1 | tool_choice"
            })
    void wrongTypeOrRangeIsRefused(String members, String param) throws Exception {
        assertRefused(body(members), param, "null");
    }

    @Test
    void metadataHasBounds() throws Exception {
        String sixteen =
                IntStream.range(0, 16).mapToObj(i -> "\"" + i + "\":\"x\"").collect(Collectors.joining(","));

        assertThat(response("\"metadata\":{" + sixteen + "}").members()).contains("\"15\":\"x\"");
        assertRefused(body("\"metadata\":{" + sixteen + ",\"16\":\"x\"}"), "metadata", "null");
        assertRefused(body("\"metadata\":{\"" + "n".repeat(65) + "\":\"x\"}"), "metadata", "null");
        assertRefused(body("\"metadata\":{\"\\ud800\":\"x\"}"), "null", "null");
        assertRefused(body("\"metadata\":{\"n\":\"" + "x".repeat(513) + "\"}"), "metadata", "null");
    }

    @Test
    void formatBecomesAnOptionOfTheEngineInTheFormOfAChat() {
        assertThat(alone("\"text\":{\"format\":{\"type\":\"json_object\"}}").options())
                .isEqualTo("{\"response_format\":{\"type\":\"json_object\"}}");
        ResponsesRequest response = response("\"text\":{\"format\":{\"schema\":{\n\"const\":\"\u2028\"},"
                + "\"type\":\"json_schema\",\"strict\":true,\"description\":\"d\",\"name\":\"n\"}}");
        assertThat(response.continuing(List.of()).options())
                .isEqualTo("{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
                        + "\"description\":\"d\",\"schema\":{\n\"const\":\"\u2028\"},\"strict\":true}}}");
        assertThat(response.members())
                .contains("\"text\":{\"format\":{\"schema\":{ \"const\":\"\\u2028\"},\"type\":\"json_schema\","
                        + "\"strict\":true,\"description\":\"d\",\"name\":\"n\"},\"verbosity\":null}");
        assertThat(alone("\"text\":{\"format\":{\"type\":\"json_schema\",\"schema\":{}}}")
                        .options())
                .contains("\"json_schema\":{\"name\":\"response\",\"schema\":{}}");
    }

    @Test
    void formatHasAMostOfBytes() throws Exception {
        String format = "{\"type\":\"json_object\",\"x\":\"%s\"}";
        int most = TextMember.MAX_BYTES - format.formatted("").length();

        assertThat(alone("\"text\":{\"format\":" + format.formatted("x".repeat(most)) + "}")
                        .options())
                .isNotEmpty();
        assertRefused(
                body("\"text\":{\"format\":" + format.formatted("x".repeat(most + 1)) + "}"), "text.format", "null");
    }

    @Test
    void topPOfZeroLeavesTheLikeliestToken() {
        Sampling sampling = alone("\"top_p\":0").sampling();

        assertThat(sampling.topP()).isNull();
        assertThat(sampling.topK()).isEqualTo(1);
    }

    @Test
    void whatAnAnswerRepeatsCountsInTheNameOfARequest() {
        String plain = RequestFingerprint.of(alone(""));

        assertThat(RequestFingerprint.of(alone("\"stream\":true,\"x\":1"))).isEqualTo(plain);
        assertThat(RequestFingerprint.of(response("").continuing(List.of()))).isEqualTo(plain);
        for (String members : List.of(
                "\"metadata\":{\"a\":\"b\"}", "\"instructions\":\"x\"", "\"background\":true", "\"temperature\":1")) {
            assertThat(RequestFingerprint.of(alone(members))).as(members).isNotEqualTo(plain);
        }
        assertThat(RequestFingerprint.of(alone("\"metadata\":{\"a\":\"1\",\"b\":\"2\"}")))
                .isEqualTo(RequestFingerprint.of(alone("\"metadata\":{\"b\":\"2\",\"a\":\"1\"}")));
    }

    @Test
    void refusalNeverRepeatsAContent() throws Exception {
        String body = "{\"input\":\"secret\",\"instructions\":\"hidden\",\"temperature\":9}";

        assertThat(refusal(body).toString()).doesNotContain("secret").doesNotContain("hidden");
        assertThat(response("\"instructions\":\"hidden\",\"metadata\":{\"a\":\"b\"}")
                        .toString())
                .doesNotContain("hidden")
                .doesNotContain("metadata");
        assertThat(alone("\"instructions\":\"hidden\"").kept().toString()).doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"stream\":true,\"stream\":true,\"input\":\"x\"} | stream",
                "{\"x\":{\"y\":[{\"z\":1,\"z\":2}]}} | null",
                "{\"metadata\":{\"a\":\"1\",\"a\":\"2\"}} | null",
                "{\"text\":{\"format\":{\"schema\":{\"x\":1,\"x\":2}}}} | null"
            })
    void memberGivenTwiceIsRefused(String body, String param) throws Exception {
        JsonNode error = refusal(body);

        assertThat(error.get("param").asText()).isEqualTo(param);
        assertThat(error.get("message").asText()).contains("given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{}{}", "{\"input\":[}", "\uFEFF{}", "{\"a\":NaN}"})
    void bodyIsOneJsonObject(String body) throws Exception {
        assertThat(refusal(body).get("message").asText()).isNotEmpty();
    }
}
