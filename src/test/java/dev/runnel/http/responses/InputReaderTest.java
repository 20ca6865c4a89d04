package dev.runnel.http.responses;

import static dev.runnel.http.responses.ParsedResponse.assertRefused;
import static dev.runnel.http.responses.ParsedResponse.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.request.GenerateRequest;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.Turn;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of item in {@code input}, and every refusal. */
class InputReaderTest {

    private static final String USER = "{\"role\":\"user\",\"content\":\"hi\"}";

    private static List<Turn> turns(String input) {
        return parse("{\"input\":" + input + "}").continuing(List.of()).turns();
    }

    @Test
    void stringIsTheUsersTurn() {
        assertThat(turns("\"hi\"")).containsExactly(Turn.user("hi"));
        assertThat(turns("\"\"")).containsExactly(Turn.user(""));
    }

    @Test
    void itemsAreTurnsInTheirOrder() {
        assertThat(turns("""
                [{"role":"developer","content":"Be brief."},{"type":"message","role":"system","content":"Be kind."},
                 {"role":"user","content":[{"type":"input_text","text":"a"},{"text":"b","type":"text"}]},
                 {"id":"msg_1","status":"completed","content":[{"type":"output_text","text":"c","annotations":[]},
                  {"type":"refusal","refusal":"no"}],"role":"assistant","type":"message","phase":null},
                 {"role":"system","content":"Later."},{"role":"user","content":[],"name":7}]"""))
                .containsExactly(
                        new Turn(Turn.Role.SYSTEM, "Be brief.\n\nBe kind."),
                        Turn.user("ab"),
                        new Turn(Turn.Role.ASSISTANT, "cno"),
                        new Turn(Turn.Role.SYSTEM, "Later."),
                        Turn.user(""));
    }

    @Test
    void reasoningIsLeftOutAndOutputsAreTheUsers() {
        assertThat(turns("""
                [{"role":"user","content":"hi"},
                 {"type":"reasoning","id":"rs_1","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]},
                 {"type":"custom_tool_call","call_id":"d","name":"f","input":"{}"},
                 {"type":"function_call_output","call_id":"c","output":"42"},
                 {"output":[{"type":"input_text","text":"43"}],"type":"custom_tool_call_output","call_id":"d"}]""")).containsExactly(Turn.user("hi"), Turn.user("42"), Turn.user("43"));
    }

    @Test
    void callsBelongToTheAssistantsTurnBeforeThem() {
        GenerateRequest request = parse("""
                {"instructions":"Be brief.","input":[{"role":"user","content":"hi"},
                 {"role":"assistant","content":"Let me see."},
                 {"arguments":"{\\"a\\":1}","name":"f","call_id":"c1","type":"function_call","id":"fc_1"},
                 {"type":"reasoning","summary":[]},
                 {"type":"function_call","call_id":"c2","name":"g","arguments":"{}"},
                 {"type":"function_call_output","call_id":"c1","output":"42"},
                 {"type":"function_call_output","call_id":"c2","output":"43"},
                 {"type":"function_call"}]}""").continuing(List.of());

        assertThat(request.turns())
                .containsExactly(
                        new Turn(Turn.Role.SYSTEM, "Be brief."),
                        Turn.user("hi"),
                        new Turn(Turn.Role.ASSISTANT, "Let me see."),
                        Turn.user("42"),
                        Turn.user("43"),
                        new Turn(Turn.Role.ASSISTANT, ""));
        assertThat(request.options())
                .isEqualTo("{\"turns\":{\"2\":{\"tool_calls\":["
                        + "{\"id\":\"c1\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},"
                        + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]},"
                        + "\"3\":{\"role\":\"tool\",\"tool_call_id\":\"c1\"},"
                        + "\"4\":{\"role\":\"tool\",\"tool_call_id\":\"c2\"},"
                        + "\"5\":{\"tool_calls\":[{\"id\":\"\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"\",\"arguments\":\"\"}}]}}}");
        assertThat(request.kept().turns()).hasSize(5);
        assertThat(request.kept().bytes()).isGreaterThan(request.options().length());
    }

    @Test
    void callsOfTheInputHaveAMostOfBytes() throws Exception {
        String call = "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"" + "x".repeat(400)
                + "\"}";

        assertRefused("{\"input\":[" + String.join(",", Collections.nCopies(4096, call)) + "]}", "input", "null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | input",
                "{} | input",
                "[] | input",
                "true | input",
                "[7] | input[0]",
                "[null] | input[0]",
                "[[]] | input[0]",
                "[{\"type\":\"reasoning\",\"summary\":[]}] | input",
                "[{\"content\":\"x\"}] | input[0].role",
                "[{\"role\":\"tool\",\"content\":\"x\"}] | input[0].role",
                "[{\"role\":1,\"content\":\"x\"}] | input[0].role",
                "[{\"role\":\"user\"}] | input[0].content",
                "[{\"role\":\"assistant\",\"content\":null}] | input[0].content",
                "[{\"role\":\"user\",\"content\":7}] | input[0].content",
                "[{\"role\":\"user\",\"content\":{}}] | input[0].content",
                "[{\"role\":\"user\",\"content\":\"\\ud800\"}] | input[0].content",
                "[{\"role\":\"user\",\"content\":[\"x\"]}] | input[0].content[0]",
                "[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}] | input[0].content[0].type",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}] | input[0].content[0].text",
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":1}]}] | input[0].content[0].text",
                "[{\"type\":1}] | input[0].type",
                "[{\"type\":\"function_call_output\",\"call_id\":\"c\"}] | input[0].output"
            })
    void wrongInputIsRefused(String input, String param) throws Exception {
        assertRefused("{\"input\":" + input + "}", param, "null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"item_reference\",\"id\":\"msg_1\"} | input[1].type",
                "{\"type\":\"web_search_call\",\"id\":\"w\"} | input[1].type",
                "{\"type\":\"image_generation_call\",\"content\":7} | input[1].type",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"u\"}]}"
                        + " | input[1].content[0].type",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"},{\"type\":\"input_file\"}]}"
                        + " | input[1].content[1].type",
                "{\"role\":\"user\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]}"
                        + " | input[1].content[0].type",
                "{\"type\":\"function_call_output\",\"output\":[{\"type\":\"input_image\"}]} | input[1].output[0].type"
            })
    void whatNoModelReadsIsNotSupported(String item, String param) throws Exception {
        assertRefused("{\"input\":[" + USER + "," + item + "]}", param, "unsupported_value");
    }

    @Test
    void missingInputIsRefused() throws Exception {
        assertRefused("{}", "input", "null");
        assertRefused("{\"input\":null,\"previous_response_id\":\"gen_1\"}", "input", "null");
    }

    @Test
    void numberOfItemsAndLengthAreBounded() throws Exception {
        assertThat(turns("[" + String.join(",", Collections.nCopies(4096, USER)) + "]"))
                .hasSize(4096);
        assertRefused("{\"input\":[" + String.join(",", Collections.nCopies(4097, USER)) + "]}", "input", "null");
        String million = "x".repeat(1_000_000);
        assertThat(turns("[{\"role\":\"user\",\"content\":\"" + million + "\"},{\"role\":\"user\",\"content\":\""
                        + million + "\"}]"))
                .hasSize(2);
        assertRefused("{\"instructions\":\"" + million + "\",\"input\":\"" + million + "y\"}", "input", "null");
    }

    @Test
    void conversationThatIsContinuedCounts() throws Exception {
        List<KeptTurn> previous = Collections.nCopies(4096, new KeptTurn(Turn.user("x")));

        assertThatThrownBy(() -> parse("{\"input\":\"x\",\"previous_response_id\":\"gen_1\"}")
                        .continuing(previous))
                .hasMessageContaining("with those of previous_response_id");
    }
}
