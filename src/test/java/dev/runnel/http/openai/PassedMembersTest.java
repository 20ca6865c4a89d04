package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.PassThrough;
import dev.runnel.message.ModelState;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members that a model's server gets as they came. */
class PassedMembersTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static ModelState model(String name, boolean isDefault, String... passThrough) {
        return new ModelState(name, isDefault, true, 0, 9, 9, true, Set.of(passThrough), 0, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"min_p\":0.10 | \"min_p\":0.10",
                "\"min_p\":-1e2,\"user\":\"a\\u00e9\" | \"min_p\":-1e2,\"user\":\"a\\u00e9\"",
                "\"user\":{ \"b\": [null, {}] },\"seed\":1 | \"user\":{ \"b\": [null, {}] }",
                "\"user\":true,\"other\":1,\"model\":\"a\" | \"user\":true",
                "\"user\":null | ",
                "\"other\":1 | ",
                "\"other\":1,\"user\":1,\"model\":\"b\" | \"other\":1",
                "\"other\":1,\"user\":1,\"model\":\"c\" | "
            })
    void membersThatTheModelPassesOnAreAnOption(String members, String passed) {
        PassThrough names = new PassThrough(List.of(model("a", true, "user", "min_p"), model("b", false, "other")));

        for (Family family : List.of(Family.CHAT, Family.COMPLETIONS)) {
            String input = family == Family.CHAT ? MESSAGES : "\"prompt\":\"hi\"";
            String options = new OpenAiParser(family, () -> names)
                    .parse(Buffer.buffer("{" + input + "," + members + "}"))
                    .options()
                    .replaceAll("\\{\"raw_prompt\":true,?", "{");

            assertThat(options)
                    .as(family + " " + members)
                    .isIn(passed == null ? List.of("", "{}") : List.of("{\"passed\":{" + passed + "}}"));
        }
    }

    @Test
    void membersThatAreTooLongToBePassedOnAreRefused() {
        PassThrough names = new PassThrough(List.of(model("a", true, "user"), model("b", false)));
        String long300 = "\"user\":\"" + "x".repeat(300_000) + "\"";

        assertThatThrownBy(() -> new OpenAiParser(Family.CHAT, () -> names)
                        .parse(Buffer.buffer("{" + MESSAGES + "," + long300 + "}")))
                .hasMessageStartingWith("user: 300");
        assertThat(new OpenAiParser(Family.CHAT, () -> names)
                        .parse(Buffer.buffer("{" + MESSAGES + ",\"model\":\"b\"," + long300 + "}"))
                        .options())
                .isEmpty();
    }
}
