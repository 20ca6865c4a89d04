package dev.runnel.http.responses;

import static dev.runnel.http.responses.ParsedResponse.assertRefused;
import static dev.runnel.http.responses.ParsedResponse.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.request.GenerateRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members about tools: the form that engines read, and what an answer repeats. */
class ResponseToolsTest {

    private static String body(String members) {
        return "{\"input\":\"hi\"" + (members.isEmpty() ? "" : "," + members) + "}";
    }

    private static ResponsesRequest response(String members) {
        return parse(body(members));
    }

    private static GenerateRequest alone(String members) {
        return response(members).continuing(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"a\":[1]},\"strict\":true,\"x\":1}] "
                        + "| [{\"type\":\"function\",\"function\":"
                        + "{\"name\":\"f\",\"parameters\":{\"a\":[1]},\"strict\":true}}]",
                "[{\"description\":\"d\",\"name\":\"f\",\"type\":\"function\",\"strict\":null},"
                        + "{\"type\":\"web_search\"},7,null] "
                        + "| [{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\"}}]",
                "[{\"type\":\"function\",\"name\":7}] | [{\"type\":\"function\",\"function\":{\"name\":7}}]"
            })
    void functionsBecomeAnOptionInTheFormOfAChat(String sent, String option) {
        String members = "\"tools\":" + sent + ",\"tool_choice\":\"auto\",\"parallel_tool_calls\":false";

        assertThat(alone(members).options())
                .isEqualTo("{\"tools\":" + option + ",\"tool_choice\":\"auto\",\"parallel_tool_calls\":false}");
        assertThat(response(members).members()).contains("\"tools\":" + sent + ",");
    }

    @Test
    void toolsOfOtherTypesAreLeftOutWithTheHintsAboutThem() {
        String members = "\"tools\":[{\"type\":\"web_search\"}],\"tool_choice\":\"none\",\"parallel_tool_calls\":true";

        assertThat(alone(members).options()).isEmpty();
        assertThat(response(members).members()).contains("\"tools\":[{\"type\":\"web_search\"}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"required\" | \"required\"",
                "{\"name\":\"f\",\"type\":\"function\"} | {\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                "{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"},"
                        + "{\"type\":\"mcp\"}]} | {\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\","
                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}}"
            })
    void demandForACallIsAnOptionAlsoWithoutTools(String sent, String option) {
        assertThat(alone("\"tool_choice\":" + sent).options()).isEqualTo("{\"tool_choice\":" + option + "}");
        assertThat(response("\"tool_choice\":" + sent).members()).contains("\"tool_choice\":" + sent + ",");
    }

    @Test
    void toolsHaveAMostOfBytes() throws Exception {
        String tool = "\"tools\":[{\"type\":\"function\",\"name\":\"%s\"}]";

        assertThat(alone(tool.formatted("x".repeat(1000))).options()).isNotEmpty();
        assertRefused(body(tool.formatted("x".repeat(256 * 1024))), "tools", "null");
    }
}
