package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.RequestFingerprint;
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
class OpenAiParserTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static GenerateRequest chat(String members) {
        return Parsed.parse(Family.CHAT, "{" + MESSAGES + (members.isEmpty() ? "" : "," + members) + "}");
    }

    @Test
    void messagesAloneAreARequestWithEveryDefault() {
        GenerateRequest request = chat("");

        assertThat(request.turns()).containsExactly(Turn.user("hi"));
        assertThat(request.turnsField()).isEqualTo("messages");
        assertThat(request.sampling()).isEqualTo(Sampling.UNSET);
        assertThat(request.maxTokens()).isZero();
        assertThat(request.maxTokensIsDefault()).isTrue();
        assertThat(request.model()).isNull();
        assertThat(request.answer().isStreamed()).isFalse();
        assertThat(request.answer().includesUsage()).isFalse();
    }

    @Test
    void everyMemberOfTheTableIsRead() {
        GenerateRequest request = chat("""
            "model":"m","stream":true,"stream_options":{"include_usage":true,"other":[1]},
            "max_completion_tokens":7,"max_tokens":9,"temperature":0.5,"top_p":0.25,"top_k":40,"seed":12,
            "presence_penalty":-2,"frequency_penalty":2,"stop":["a","","b"]\
            """);

        assertThat(request.model()).isEqualTo("m");
        assertThat(request.answer().isStreamed()).isTrue();
        assertThat(request.answer().includesUsage()).isTrue();
        assertThat(request.maxTokens()).isEqualTo(7);
        assertThat(request.sampling()).isEqualTo(new Sampling(0.5, 0.25, 40, 12L, -2.0, 2.0, List.of("a", "b")));
    }

    @ParameterizedTest
    @CsvSource({"\"max_tokens\":9, 9", "\"max_tokens\":9.0, 9", "\"max_tokens\":9e0, 9", "\"max_tokens\":1e400, 1000000"
    })
    void largeBoundIsNotRefused(String members, int maxTokens) {
        assertThat(chat(members).maxTokens()).isEqualTo(maxTokens);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-1, 4294967294",
        "4294967295, 0",
        "4294967296, 1",
        "-4294967296, 4294967294",
        "340282366920938463463374607431768211456, 1"
    })
    void seedIsTheRemainder(String seed, long remainder) {
        assertThat(chat("\"seed\":" + seed).sampling().seed()).isEqualTo(remainder);
    }

    @Test
    void topPOfZeroLeavesTheLikeliestToken() {
        Sampling sampling = chat("\"top_p\":0,\"top_k\":9").sampling();

        assertThat(sampling.topP()).isNull();
        assertThat(sampling.topK()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"stop\":\"\"", "\"stop\":[]", "\"stop\":[\"\",\"\"]", "\"stop\":null"})
    void emptyStopIsAbsent(String members) {
        assertThat(chat(members).sampling().stop()).isEmpty();
    }

    @Test
    void stopMayBeOneString() {
        assertThat(chat("\"stop\":\"END\"").sampling().stop()).containsExactly("END");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model",
                "stream",
                "stream_options",
                "max_completion_tokens",
                "max_tokens",
                "temperature",
                "top_p",
                "top_k",
                "seed",
                "presence_penalty",
                "frequency_penalty",
                "stop",
                "n",
                "best_of",
                "logprobs",
                "echo",
                "response_format",
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "modalities",
                "audio",
                "functions",
                "function_call",
                "thinking"
            })
    void nullIsAbsent(String member) {
        assertThat(chat('"' + member + "\":null")).isEqualTo(chat(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user",
                "metadata",
                "store",
                "service_tier",
                "prediction",
                "logit_bias",
                "top_logprobs",
                "reasoning_effort",
                "verbosity",
                "safety_identifier",
                "prompt_cache_key",
                "web_search_options",
                "suffix",
                "prompt",
                "x"
            })
    void hintsAndUnknownMembersAreIgnoredOfWhateverType(String member) {
        for (String value : List.of("1", "true", "\"x\"", "[[{\"a\":[]}]]", "{\"a\":{\"b\":[1,{}]}}")) {
            assertThat(chat('"' + member + "\":" + value)).isEqualTo(chat(""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":1",
                "\"n\":1.0",
                "\"best_of\":1",
                "\"logprobs\":false",
                "\"echo\":false",
                "\"response_format\":{\"type\":\"text\"}",
                "\"modalities\":[\"text\"]"
            })
    void valuesThatChangeNothingAreAccepted(String members) {
        assertThat(chat(members)).isEqualTo(chat(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n\":2 | n",
                "\"n\":0 | n",
                "\"best_of\":3 | best_of",
                "\"logprobs\":true | logprobs",
                "\"echo\":true | echo",
                "\"modalities\":[\"text\",\"audio\"] | modalities",
                "\"audio\":{\"voice\":\"x\"} | audio",
                "\"functions\":[] | functions",
                "\"function_call\":\"auto\" | function_call"
            })
    void whatWouldChangeTheMeaningIsNotSupported(String members, String param) throws Exception {
        Parsed.assertRefused(Family.CHAT, "{" + MESSAGES + "," + members + "}", param, "unsupported_value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"json_object\"}",
                "{ \"json_schema\" : {\"name\":\"n\",\"schema\":{\"const\": 1e400}}, \"type\":\"json_schema\" }",
                "{\"type\":\"json_schema\",\"json_schema\":{\"strict\":null,\"schema\":{}},\"x\":\"ü\\ud800\"}",
                "{\"type\":\"json_schema\"}"
            })
    void formatBecomesAnOptionOfTheEngineAsItWasSent(String format) {
        GenerateRequest request = chat("\"response_format\": " + format + " ,\"seed\":7");

        assertThat(request.options()).isEqualTo("{\"response_format\":" + format + "}");
        assertThat(request.sampling().seed()).isEqualTo(7);
    }

    @Test
    void formatHasAMostOfBytes() throws Exception {
        String format = "{\"type\":\"json_object\",\"x\":\"%s\"}";
        int most = FormatMember.MAX_BYTES - format.formatted("").length();

        assertThat(chat("\"response_format\":" + format.formatted("x".repeat(most)))
                        .optionsBytes())
                .isGreaterThan(FormatMember.MAX_BYTES);
        String larger = "{" + MESSAGES + ",\"response_format\":" + format.formatted("x".repeat(most + 1)) + "}";
        Parsed.assertRefused(Family.CHAT, larger, "response_format", "null");
    }

    @Test
    void formatCountsInTheNameOfARequest() {
        String object = RequestFingerprint.of(chat("\"response_format\":{\"type\":\"json_object\"}"));

        assertThat(object)
                .isEqualTo(RequestFingerprint.of(chat("\"response_format\": { \"type\" : \"json_object\" }")))
                .isNotEqualTo(RequestFingerprint.of(chat("\"response_format\":{\"type\":\"json_schema\"}")))
                .isNotEqualTo(RequestFingerprint.of(chat("")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model\":1 | model",
                "\"stream\":\"true\" | stream",
                "\"stream_options\":true | stream_options",
                "\"stream_options\":{\"include_usage\":1} | stream_options.include_usage",
                "\"max_tokens\":0 | max_tokens",
                "\"max_tokens\":1.5 | max_tokens",
                "\"max_tokens\":\"9\" | max_tokens",
                "\"max_completion_tokens\":-1 | max_completion_tokens",
                "\"temperature\":2.1 | temperature",
                "\"temperature\":\"1\" | temperature",
                "\"top_p\":1.1 | top_p",
                "\"top_p\":-0.1 | top_p",
                "\"top_k\":1001 | top_k",
                "\"top_k\":0.5 | top_k",
                "\"seed\":1.5 | seed",
                "\"seed\":\"1\" | seed",
                "\"seed\":1e999999999 | seed",
                "\"presence_penalty\":2.5 | presence_penalty",
                "\"frequency_penalty\":-2.5 | frequency_penalty",
                "\"stop\":1 | stop",
                "\"stop\":[1] | stop",
                "\"stop\":[null] | stop",
                "\"n\":\"1\" | n",
                "\"n\":1.5 | n",
                "\"best_of\":true | best_of",
                "\"logprobs\":0 | logprobs",
                "\"echo\":\"false\" | echo",
                "\"response_format\":\"text\" | response_format",
                "\"response_format\":{} | response_format",
                "\"response_format\":{\"type\":null} | response_format",
                "\"response_format\":{\"type\":1} | response_format",
                "\"response_format\":{\"type\":\"xml\"} | response_format",
                "\"tools\":{} | tools",
                "\"tool_choice\":\"maybe\" | tool_choice",
                "\"tool_choice\":1 | tool_choice",
                "\"modalities\":\"text\" | modalities",
                "\"modalities\":[] | modalities",
                "\"thinking\":1 | thinking"
            })
    void wrongTypeOrRangeIsRefused(String members, String param) throws Exception {
        Parsed.assertRefused(Family.CHAT, "{" + MESSAGES + "," + members + "}", param, "null");
    }

    @Test
    void thinkingBecomesAnOptionOfTheEngine() {
        assertThat(chat("\"thinking\":false").options()).isEqualTo("{\"thinking\":false}");
        assertThat(chat("\"thinking\":true").options()).isEqualTo("{\"thinking\":true}");
        assertThat(chat("\"reasoning_effort\":\"none\"").options()).isEqualTo("{\"reasoning_effort\":\"none\"}");
        assertThat(chat("\"reasoning_effort\":\"low\"").options()).isEmpty();
    }

    @Test
    void thinkingOfARawTextIsNotSupported() throws Exception {
        Parsed.assertRefused(
                Family.COMPLETIONS, "{\"prompt\":\"x\",\"thinking\":false}", "thinking", "unsupported_value");
    }

    @Test
    void stopsHaveBounds() throws Exception {
        String sixteen = IntStream.range(0, 16).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));

        assertThat(chat("\"stop\":[" + sixteen + "]").sampling().stop()).hasSize(16);
        assertThat(chat("\"stop\":\"" + "ä".repeat(256) + "\"").sampling().stop())
                .hasSize(1);
        Parsed.assertRefused(Family.CHAT, "{" + MESSAGES + ",\"stop\":[" + sixteen + ",\"x\"]}", "stop", "null");
        Parsed.assertRefused(Family.CHAT, "{" + MESSAGES + ",\"stop\":\"" + "ä".repeat(257) + "\"}", "stop", "null");
    }

    @Test
    void refusalNeverRepeatsAContent() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"secret\"}],\"stop\":[\"hidden\",3]}";

        assertThat(Parsed.refusal(Family.CHAT, body).toString())
                .doesNotContain("secret")
                .doesNotContain("hidden");
    }

    @Test
    void membersNestUpTo64Levels() throws Exception {
        assertThat(chat("\"x\":" + "[".repeat(63) + "]".repeat(63))).isEqualTo(chat(""));

        assertThat(Parsed.refusal(Family.CHAT, "{" + MESSAGES + ",\"x\":" + "[".repeat(64) + "]".repeat(64) + "}")
                        .get("message")
                        .asText())
                .contains("64 levels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"n\":1,\"n\":1," + "\"messages\":[]} | n",
                "{\"x\":1,\"x\":1} | x",
                "{\"x\":{\"y\":[{\"z\":1,\"z\":2}]}} | null",
                "{\"messages\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}]} | null"
            })
    void memberGivenTwiceIsRefused(String body, String param) throws Exception {
        JsonNode error = Parsed.refusal(Family.CHAT, body);

        assertThat(error.get("param").asText()).isEqualTo(param);
        assertThat(error.get("message").asText()).contains("given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{}{}", "{\"messages\":[}", "\uFEFF{}", "{\"a\":NaN}"})
    void bodyIsOneJsonObject(String body) throws Exception {
        assertThat(Parsed.refusal(Family.CHAT, body).get("message").asText()).isNotEmpty();
    }
}
