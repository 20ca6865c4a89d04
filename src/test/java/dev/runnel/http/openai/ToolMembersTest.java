package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.RequestFingerprint;
import dev.runnel.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools in requests: they go to the engine as they came. */
class ToolMembersTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static GenerateRequest chat(String members) {
        return Parsed.parse(Family.CHAT, "{" + MESSAGES + "," + members + "}");
    }

    private static GenerateRequest conversation(String messages) {
        return Parsed.parse(Family.CHAT, "{\"messages\":[" + messages + "]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"tools\":[ {\"type\" :\"x\"},7 ]   | {\"tools\":[ {\"type\" :\"x\"},7 ]}",
                "\"tools\":[]                        | {\"tools\":[]}",
                "\"tools\":null                      | ``",
                "\"tool_choice\":\"auto\"            | {\"tool_choice\":\"auto\"}",
                "\"tool_choice\":\"n\\u006fne\"      | {\"tool_choice\":\"none\"}",
                "\"tool_choice\":\"required\"        | {\"tool_choice\":\"required\"}",
                "\"tool_choice\":{\"a\":{\"b\":[1]}} | {\"tool_choice\":{\"a\":{\"b\":[1]}}}",
                "\"parallel_tool_calls\":false       | {\"parallel_tool_calls\":false}",
                "\"parallel_tool_calls\":true        | {\"parallel_tool_calls\":true}",
                "\"parallel_tool_calls\":\"no\"      | ``",
                "\"parallel_tool_calls\":[1]         | ``"
            })
    void membersGoToTheEngineAsTheyCame(String members, String options) {
        assertThat(chat(members).options()).isEqualTo(options);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"tools\":{} | tools",
                "\"tools\":\"f\" | tools",
                "\"tool_choice\":\"maybe\" | tool_choice",
                "\"tool_choice\":[] | tool_choice",
                "\"tool_choice\":true | tool_choice"
            })
    void otherTypesAreRefused(String members, String param) throws Exception {
        Parsed.assertRefused(Family.CHAT, "{" + MESSAGES + "," + members + "}", param, "null");
    }

    @Test
    void turnsOfToolsKeepWhatTheirContentsDoNotSay() {
        GenerateRequest request = conversation("""
                {"role":"system","content":"a"},{"role":"developer","content":"b"},
                {"role":"user","content":"hi","tool_calls":[1]},
                {"role":"assistant","content":null,"tool_calls":[ {"id":"c"} ]},
                {"tool_call_id":"c\\u0022","content":"7","role":"tool"},
                {"role":"tool","content":"8"},
                {"role":"assistant","content":"well","tool_call_id":"x"}""");

        assertThat(request.turns())
                .containsExactly(
                        new Turn(Turn.Role.SYSTEM, "a\n\nb"),
                        Turn.user("hi"),
                        new Turn(Turn.Role.ASSISTANT, ""),
                        Turn.user("7"),
                        Turn.user("8"),
                        new Turn(Turn.Role.ASSISTANT, "well"));
        assertThat(request.options())
                .isEqualTo("{\"turns\":{\"2\":{\"tool_calls\":[ {\"id\":\"c\"} ]},"
                        + "\"3\":{\"role\":\"tool\",\"tool_call_id\":\"c\\\"\"},\"4\":{\"role\":\"tool\"}}}");
    }

    @Test
    void placesOfTurnsCountFromTheFirst() {
        assertThat(conversation("{\"role\":\"tool\",\"content\":\"7\"},{\"role\":\"system\",\"content\":\"late\"}")
                        .options())
                .isEqualTo("{\"turns\":{\"0\":{\"role\":\"tool\"}}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"role\":\"assistant\",\"tool_calls\":{} | messages[0].tool_calls",
                "\"role\":\"assistant\",\"tool_calls\":\"f\" | messages[0].tool_calls",
                "\"role\":\"tool\",\"content\":\"7\",\"tool_call_id\":7 | messages[0].tool_call_id",
                "\"role\":\"tool\",\"content\":\"7\",\"tool_call_id\":\"\\ud800\" | messages[0].tool_call_id",
                "\"role\":\"tool\",\"tool_call_id\":\"c\" | messages[0].content"
            })
    void faultOfATurnIsNamed(String members, String param) throws Exception {
        Parsed.assertRefused(Family.CHAT, "{\"messages\":[{" + members + "}]}", param, "null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"tools\":[\"LONG\"],\"response_format\":{\"type\":\"json_schema\",\"x\":\"LONG\"} | tools",
                "\"tools\":[\"LONG LONG LONG\"] | tools",
                "\"tool_choice\":{\"x\":\"LONG LONG LONG\"} | tool_choice",
                "\"tool_choice\":{\"x\":\"LONG\"},\"response_format\":{\"type\":\"json_schema\",\"x\":\"LONG LONG\"} "
                        + "| response_format"
            })
    void moreThanTheOptionsHoldIsRefusedForTheToolsOrTheLargestMember(String members, String param) throws Exception {
        String body = "{" + MESSAGES + "," + members.replace("LONG", "ü".repeat(70_000)) + "}";

        Parsed.assertRefused(Family.CHAT, body, param, "null");
    }

    @Test
    void callsThatTheOptionsDoNotHoldAreRefusedForTheMessages() throws Exception {
        String calls = "{\"role\":\"assistant\",\"tool_calls\":[\"" + "x".repeat(262_144) + "\"]}";

        Parsed.assertRefused(Family.CHAT, "{\"messages\":[" + calls + "]}", "messages", "null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"b\":1,\"a\":2}]",
                "\"tools\":[{\"a\":2,\"b\":1}],\"tool_choice\":\"auto\"",
                "\"tools\":[{\"a\":2}]"
            })
    void toolsCountForAnIdempotencyKey(String members) {
        boolean isSame = members.contains("\"b\":1,\"a\":2");

        assertThat(RequestFingerprint.of(chat(members))
                        .equals(RequestFingerprint.of(chat("\"tools\":[{\"a\":2,\"b\":1}]"))))
                .isEqualTo(isSame);
    }
}
