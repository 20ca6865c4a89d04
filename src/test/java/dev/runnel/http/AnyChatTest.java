package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.sse.HttpWire;
import dev.runnel.text.Surrogates;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/** Whatever a chat client sends: text arrives intact through the whole service, and nonsense is the client's fault. */
class AnyChatTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static EchoService service;

    @BeforeContainer
    static void start() throws Exception {
        service = EchoService.start();
    }

    @AfterContainer
    static void stop() throws Exception {
        service.close();
    }

    private static HttpWire.Answer post(String body) {
        return service.post(CHAT, body.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 150)
    void anyTextArrivesIntact(@ForAll @StringLength(min = 1, max = 60) String text) throws Exception {
        Assume.that(!Surrogates.hasUnpaired(text));
        String content = JSON.writeValueAsString(text);
        String body = "{\"max_tokens\":4096,\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]";

        assertThat(ChatStream.text(post(body + ",\"stream\":true}").body())).isEqualTo(text);
        assertThat(JSON.readTree(post(body + "}").bytes())
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo(text);
    }

    @Property(tries = 300)
    void anyMembersAreServedOrTheClientsFault(@ForAll("bodies") String body) throws Exception {
        HttpWire.Answer answer = post(body);

        Statistics.label("served").collect(answer.status() == 200);
        assertThat(answer.status()).as(body).isIn(200, 400, 404);
        if (answer.status() != 200) {
            JsonNode error = JSON.readTree(answer.bytes()).get("error");
            assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
            BadBodyTest.assertThatNothingLeaks(answer.body());
        }
        Statistics.label("served").coverage(coverage -> coverage.check(true).count(served -> served > 0));
    }

    /** Objects of known and unknown names, with values of every kind. */
    @Provide
    Arbitrary<String> bodies() {
        Arbitrary<String> name = Arbitraries.of(
                "messages",
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
                "functions",
                "suffix",
                "prompt",
                "modalities",
                "audio",
                "thinking",
                "user",
                "x");
        Arbitrary<String> member =
                Combinators.combine(name, value(2)).as((known, value) -> '"' + known + "\":" + value);
        return Combinators.combine(member.list().ofMaxSize(6), messages())
                .as((members, messages) -> '{'
                        + List.of(String.join(",", members), messages).stream()
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining(","))
                        + '}');
    }

    private static Arbitrary<String> messages() {
        Arbitrary<String> role = Arbitraries.of("system", "developer", "user", "assistant", "tool", "robot");
        Arbitrary<String> content = Arbitraries.oneOf(
                Arbitraries.of("\"hi\"", "\"\"", "null", "[]", "[{\"type\":\"text\",\"text\":\"a\"}]"), value(1));
        Arbitrary<String> ofTools = Combinators.combine(Arbitraries.of("tool_calls", "tool_call_id", "name"), value(2))
                .as((name, value) -> ",\"" + name + "\":" + value);
        return Combinators.combine(role, content, ofTools.injectNull(0.5))
                .as((author, text, more) ->
                        "{\"role\":\"" + author + "\",\"content\":" + text + Objects.requireNonNullElse(more, "") + '}')
                .list()
                .ofMaxSize(3)
                .map(all -> all.isEmpty() ? "" : "\"messages\":[" + String.join(",", all) + ']');
    }

    static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar = Arbitraries.of(
                "null", "true", "false", "0", "1", "-1", "2.5", "1e400", "-0.0", "\"\"", "\"text\"", "\"\\ud800\"");
        if (depth == 0) {
            return scalar;
        }
        return Arbitraries.oneOf(
                scalar,
                value(depth - 1).list().ofMaxSize(3).map(all -> '[' + String.join(",", all) + ']'),
                value(depth - 1).map(inner -> "{\"type\":" + inner + '}'));
    }
}
