package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.http.error.ErrorBody;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import dev.runnel.text.Turn.Role;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every member of the requests, and every refusal. */
class OpenAiParserTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static GenerateRequest parse(Family family, String body) {
        return new OpenAiParser(family).parse(Buffer.buffer(body));
    }

    private static GenerateRequest chat(String members) {
        return parse(Family.CHAT, "{" + MESSAGES + (members.isEmpty() ? "" : "," + members) + "}");
    }

    private static List<Turn> turns(String messages) {
        return parse(Family.CHAT, "{\"messages\":" + messages + "}").turns();
    }

    private static GenerateRequest completion(String members) {
        return parse(Family.COMPLETIONS, "{\"prompt\":\"hi\"" + (members.isEmpty() ? "" : "," + members) + "}");
    }

    private static JsonNode refusal(Family family, String body) throws Exception {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> parse(family, body));
        assertThat(refused).as("refusal of %s", body).isNotNull();
        return JSON.readTree(ErrorBody.openAi(refused)).get("error");
    }

    private static void assertRefused(Family family, String body, String param, String code) throws Exception {
        JsonNode error = refusal(family, body);

        assertThat(error.get("param").asText()).as(body).isEqualTo(param);
        assertThat(error.get("code").asText()).as(body).isEqualTo(code);
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
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
                "presence_penalty":-2,"frequency_penalty":2,"stop":["a","","b"]""");

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
                "parallel_tool_calls",
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
                "\"tools\":[]",
                "\"tools\":[{\"type\":\"function\"},7]",
                "\"tool_choice\":\"auto\"",
                "\"tool_choice\":\"none\"",
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
                "\"response_format\":{\"type\":\"json_object\"} | response_format",
                "\"response_format\":{\"json_schema\":{\"schema\":{}},\"type\":\"json_schema\"} | response_format",
                "\"tool_choice\":\"required\" | tool_choice",
                "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}} | tool_choice",
                "\"modalities\":[\"text\",\"audio\"] | modalities",
                "\"audio\":{\"voice\":\"x\"} | audio",
                "\"functions\":[] | functions",
                "\"function_call\":\"auto\" | function_call",
                "\"thinking\":false | thinking"
            })
    void whatWouldChangeTheMeaningIsNotSupported(String members, String param) throws Exception {
        assertRefused(Family.CHAT, "{" + MESSAGES + "," + members + "}", param, "unsupported_value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json_object", "json_schema"})
    void formatIsRefusedWithTheWordsThatClientsLookFor(String type) throws Exception {
        String body = "{" + MESSAGES + ",\"response_format\":{\"type\":\"" + type + "\"}}";

        assertThat(refusal(Family.CHAT, body).get("message").asText())
                .isEqualTo("'response_format' of type '" + type + "' is not supported with this model");
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
                "\"response_format\":{\"type\":\"xml\"} | response_format",
                "\"tools\":{} | tools",
                "\"tool_choice\":\"maybe\" | tool_choice",
                "\"tool_choice\":1 | tool_choice",
                "\"modalities\":\"text\" | modalities",
                "\"modalities\":[] | modalities",
                "\"thinking\":1 | thinking"
            })
    void wrongTypeOrRangeIsRefused(String members, String param) throws Exception {
        assertRefused(Family.CHAT, "{" + MESSAGES + "," + members + "}", param, "null");
    }

    @Test
    void stopsHaveBounds() throws Exception {
        String sixteen = IntStream.range(0, 16).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));

        assertThat(chat("\"stop\":[" + sixteen + "]").sampling().stop()).hasSize(16);
        assertThat(chat("\"stop\":\"" + "ä".repeat(256) + "\"").sampling().stop())
                .hasSize(1);
        assertRefused(Family.CHAT, "{" + MESSAGES + ",\"stop\":[" + sixteen + ",\"x\"]}", "stop", "null");
        assertRefused(Family.CHAT, "{" + MESSAGES + ",\"stop\":\"" + "ä".repeat(257) + "\"}", "stop", "null");
    }

    @Test
    void leadingSystemMessagesAreOneTurn() {
        List<Turn> read = turns("""
                [{"role":"system","content":"a"},{"role":"developer","content":"b"},{"role":"user","content":"c"},
                 {"role":"system","content":"d"},{"role":"assistant","content":"e"}]""");

        assertThat(read)
                .containsExactly(
                        new Turn(Role.SYSTEM, "a\n\nb"),
                        Turn.user("c"),
                        new Turn(Role.SYSTEM, "d"),
                        new Turn(Role.ASSISTANT, "e"));
    }

    @Test
    void partsAreJoined() {
        List<Turn> read = turns("""
                [{"content":[{"text":"a","type":"text"},{"type":"text","text":"b","x":[1]}],"role":"user","name":"n"},
                 {"role":"assistant","content":[{"type":"refusal","refusal":"no"},{"type":"text","text":"!"}]}]""");

        assertThat(read).containsExactly(Turn.user("ab"), new Turn(Role.ASSISTANT, "no!"));
    }

    @Test
    void toolMessagesAreTurnsOfTheUser() {
        List<Turn> read = turns("""
                [{"role":"user","content":"q"},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"c","content":"7"},
                 {"role":"assistant"}]""");

        assertThat(read)
                .containsExactly(
                        Turn.user("q"), new Turn(Role.ASSISTANT, ""), Turn.user("7"), new Turn(Role.ASSISTANT, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | messages | null",
                "{\"messages\":null} | messages | null",
                "{\"messages\":\"hi\"} | messages | null",
                "{\"messages\":[]} | messages | null",
                "{\"messages\":[7]} | messages[0] | null",
                "{\"messages\":[null]} | messages[0] | null",
                "{\"messages\":[{\"content\":\"x\"}]} | messages[0].role | null",
                "{\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]} | messages[0].role | null",
                "{\"messages\":[{\"role\":\"function\",\"content\":\"x\"}]} | messages[0].role | null",
                "{\"messages\":[{\"role\":1,\"content\":\"x\"}]} | messages[0].role | null",
                "{\"messages\":[{\"role\":\"user\"}]} | messages[0].content | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":null}]} | messages[0].content | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":1}]} | messages[0].content | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]} | messages[0].content | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":[\"x\"]}]} | messages[0].content[0] | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}"
                        + " | messages[0].content[0].type | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}"
                        + " | messages[0].content[0].text | null",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"u\"}}]}]} | messages[0].content[1].type | unsupported_value",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"a\"}]}]}"
                        + " | messages[0].content[0].type | unsupported_value"
            })
    void conversationIsRefusedAtItsPlace(String body, String param, String code) throws Exception {
        assertRefused(Family.CHAT, body, param, code);
    }

    private static String messages(int count, String content) {
        String message = "{\"role\":\"user\",\"content\":\"" + content + "\"}";
        return "[" + IntStream.range(0, count).mapToObj(i -> message).collect(Collectors.joining(",")) + "]";
    }

    @Test
    void conversationHasBounds() throws Exception {
        assertThat(turns(messages(4096, ""))).hasSize(4096);
        assertRefused(Family.CHAT, "{\"messages\":" + messages(4097, "") + "}", "messages", "null");
        assertThat(turns(messages(2, "x".repeat(1_000_000)))).hasSize(2);
        assertRefused(
                Family.CHAT, "{\"messages\":" + messages(2, "x".repeat(1_000_000) + "y") + "}", "messages", "null");
    }

    @Test
    void refusalNeverRepeatsAContent() throws Exception {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"secret\"}],\"stop\":[\"hidden\",3]}";

        assertThat(refusal(Family.CHAT, body).toString())
                .doesNotContain("secret")
                .doesNotContain("hidden");
    }

    @Test
    void membersNestUpTo64Levels() throws Exception {
        assertThat(chat("\"x\":" + "[".repeat(63) + "]".repeat(63))).isEqualTo(chat(""));

        assertThat(refusal(Family.CHAT, "{" + MESSAGES + ",\"x\":" + "[".repeat(64) + "]".repeat(64) + "}")
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
        JsonNode error = refusal(Family.CHAT, body);

        assertThat(error.get("param").asText()).isEqualTo(param);
        assertThat(error.get("message").asText()).contains("given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{}{}", "{\"messages\":[}", "\uFEFF{}", "{\"a\":NaN}"})
    void bodyIsOneJsonObject(String body) throws Exception {
        assertThat(refusal(Family.CHAT, body).get("message").asText()).isNotEmpty();
    }

    @Test
    void promptIsTheStartOfTheText() {
        assertThat(completion("\"messages\":7").turns()).containsExactly(Turn.user("hi"));
        assertThat(completion("").turnsField()).isEqualTo("prompt");
        assertThat(parse(Family.COMPLETIONS, "{\"prompt\":[\"hi\"],\"suffix\":null}")
                        .turns())
                .containsExactly(Turn.user("hi"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | prompt | null",
                "{\"prompt\":\"\"} | prompt | null",
                "{\"prompt\":[]} | prompt | null",
                "{\"prompt\":{}} | prompt | null",
                "{\"prompt\":[null]} | prompt | null",
                "{\"prompt\":[\"a\",\"b\"]} | prompt | unsupported_value",
                "{\"prompt\":[1,2]} | prompt | unsupported_value",
                "{\"prompt\":[[1,2]]} | prompt | unsupported_value",
                "{\"prompt\":\"a\",\"suffix\":\"b\"} | suffix | unsupported_value",
                "{\"prompt\":\"a\",\"echo\":true} | echo | unsupported_value",
                "{\"prompt\":\"a\",\"logprobs\":0} | logprobs | unsupported_value"
            })
    void completionIsRefusedAtItsPlace(String body, String param, String code) throws Exception {
        assertRefused(Family.COMPLETIONS, body, param, code);
    }
}
