package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.text.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests of {@code /v1/completions} have in place of messages. */
class CompletionParserTest {

    private static GenerateRequest completion(String members) {
        return Parsed.parse(Family.COMPLETIONS, "{\"prompt\":\"hi\"" + (members.isEmpty() ? "" : "," + members) + "}");
    }

    @Test
    void promptIsTheStartOfTheText() {
        assertThat(completion("\"messages\":7").turns()).containsExactly(Turn.user("hi"));
        assertThat(completion("").turnsField()).isEqualTo("prompt");
        assertThat(Parsed.parse(Family.COMPLETIONS, "{\"prompt\":[\"hi\"],\"suffix\":null}")
                        .turns())
                .containsExactly(Turn.user("hi"));
    }

    @Test
    void promptIsRawBesideAnyFormat() {
        assertThat(completion("").options()).isEqualTo("{\"raw_prompt\":true}");
        assertThat(completion("\"response_format\":{\"type\":\"json_object\"}").options())
                .isEqualTo("{\"raw_prompt\":true,\"response_format\":{\"type\":\"json_object\"}}");
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
        Parsed.assertRefused(Family.COMPLETIONS, body, param, code);
    }
}
