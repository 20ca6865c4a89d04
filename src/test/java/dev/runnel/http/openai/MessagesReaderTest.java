package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.text.Turn;
import dev.runnel.text.Turn.Role;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations, and every refusal of one. */
class MessagesReaderTest {

    private static List<Turn> turns(String messages) {
        return Parsed.parse(Family.CHAT, "{\"messages\":" + messages + "}").turns();
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
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\"}}]}]}"
                        + " | messages[0].content[1].type | unsupported_value",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"a\"}]}]}"
                        + " | messages[0].content[0].type | unsupported_value"
            })
    void conversationIsRefusedAtItsPlace(String body, String param, String code) throws Exception {
        Parsed.assertRefused(Family.CHAT, body, param, code);
    }

    private static String messages(int count, String content) {
        String message = "{\"role\":\"user\",\"content\":\"" + content + "\"}";
        return "[" + IntStream.range(0, count).mapToObj(i -> message).collect(Collectors.joining(",")) + "]";
    }

    @Test
    void conversationHasBounds() throws Exception {
        assertThat(turns(messages(4096, ""))).hasSize(4096);
        Parsed.assertRefused(Family.CHAT, "{\"messages\":" + messages(4097, "") + "}", "messages", "null");
        assertThat(turns(messages(2, "x".repeat(1_000_000)))).hasSize(2);
        Parsed.assertRefused(
                Family.CHAT, "{\"messages\":" + messages(2, "x".repeat(1_000_000) + "y") + "}", "messages", "null");
    }
}
