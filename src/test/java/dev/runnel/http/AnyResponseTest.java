package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.sse.HttpWire;
import dev.runnel.text.Surrogates;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

/** Whatever a client of responses sends: text arrives intact through the service, and nonsense is its own fault. */
class AnyResponseTest {

    private static final String RESPONSES = "/v1/responses";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, echo: true }
        """;

    private static RealService service;
    private static HttpWire connection;

    @BeforeContainer
    static void start() throws Exception {
        service = RealService.start(MODELS);
        connection = service.connect();
    }

    @AfterContainer
    static void stop() throws Exception {
        connection.close();
        service.close();
    }

    private static HttpWire.Answer post(String body) {
        return connection
                .post(RESPONSES, service.key(), body.getBytes(StandardCharsets.UTF_8))
                .answer();
    }

    @Property(tries = 150)
    void anyTextArrivesIntact(@ForAll @StringLength(min = 1, max = 60) String text) throws Exception {
        Assume.that(!Surrogates.hasUnpaired(text));
        String quoted = JSON.writeValueAsString(text);
        String body = "{\"max_output_tokens\":4096,\"instructions\":" + quoted + ",\"input\":" + quoted;

        ResponseStream stream =
                ResponseStream.of(post(body + ",\"stream\":true}").body());
        JsonNode whole = JSON.readTree(post(body + "}").bytes());

        assertThat(stream.text()).isEqualTo(text);
        assertThat(stream.last().at("/response/output/0/content/0/text").asText())
                .isEqualTo(text);
        assertThat(whole.at("/output/0/content/0/text").asText()).isEqualTo(text);
        assertThat(whole.get("instructions").asText()).isEqualTo(text);
    }

    @Property(tries = 300)
    void anyMembersAreServedOrTheClientsFault(@ForAll("bodies") String body) throws Exception {
        HttpWire.Answer answer = post(body);

        assertThat(answer.status()).as(body).isIn(200, 400, 404);
        if (answer.status() != 200) {
            JsonNode error = JSON.readTree(answer.bytes()).get("error");
            assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
            BadBodyTest.assertThatNothingLeaks(answer.body());
        } else if (answer.header("Content-Type").startsWith("text/event-stream")) {
            assertThat(ResponseStream.of(answer.body()).names()).endsWith("completed");
        }
    }

    @Property(tries = 200)
    void anyPathAndQueryIsServedOrTheClientsFault(
            @ForAll("ids") String id, @ForAll("queries") String query, @ForAll("methods") String method) {
        HttpWire.Answer answer = connection
                .send(HttpWire.requestHead(
                        method, RESPONSES + '/' + id + query, HttpWire.bearer(service.key()), "Content-Length: 0"))
                .answer();

        assertThat(answer.status()).as(method + ' ' + id + query).isIn(400, 404, 405);
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.of(
                "gen_1", "x", "gen_00000000000000000000", "resp_1", "gen_1/cancel", "cancel", "%00", "a%2Fb", ".");
    }

    @Provide
    Arbitrary<String> queries() {
        return Arbitraries.of(
                "", "?", "?stream=true", "?stream=&x", "?starting_after=1", "?stream=true&starting_after=%zz", "?%");
    }

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of("GET", "POST", "DELETE", "PUT");
    }

    /** Objects of known and unknown names, with values of every kind. */
    @Provide
    Arbitrary<String> bodies() {
        Arbitrary<String> name = Arbitraries.of(
                "input",
                "model",
                "stream",
                "stream_options",
                "background",
                "store",
                "instructions",
                "previous_response_id",
                "max_output_tokens",
                "temperature",
                "top_p",
                "metadata",
                "text",
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "include",
                "reasoning",
                "conversation",
                "x");
        Arbitrary<String> member =
                Combinators.combine(name, value(2)).as((known, value) -> '"' + known + "\":" + value);
        return Combinators.combine(member.list().ofMaxSize(6), input())
                .as((members, input) -> '{'
                        + List.of(String.join(",", members), input).stream()
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining(","))
                        + '}');
    }

    private static Arbitrary<String> input() {
        Arbitrary<String> role = Arbitraries.of("system", "developer", "user", "assistant", "tool", "robot");
        Arbitrary<String> type =
                Arbitraries.of("message", "function_call", "function_call_output", "reasoning", "item_reference");
        Arbitrary<String> content = Arbitraries.oneOf(
                Arbitraries.of("\"hi\"", "\"\"", "null", "[]", "[{\"type\":\"input_text\",\"text\":\"a\"}]"), value(1));
        return Combinators.combine(role, type, content)
                .as((author, kind, text) -> "{\"role\":\"" + author + "\",\"content\":" + text + ",\"type\":\"" + kind
                        + "\",\"output\":" + text + ",\"call_id\":" + text + ",\"arguments\":" + text + '}')
                .list()
                .ofMaxSize(3)
                .map(all -> all.isEmpty() ? "\"input\":\"hi\"" : "\"input\":[" + String.join(",", all) + ']');
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar = Arbitraries.of(
                "null", "true", "false", "0", "1", "-1", "2.5", "1e400", "-0.0", "\"\"", "\"text\"", "\"\\ud800\"");
        if (depth == 0) {
            return scalar;
        }
        return Arbitraries.oneOf(
                scalar,
                value(depth - 1).list().ofMaxSize(3).map(all -> '[' + String.join(",", all) + ']'),
                value(depth - 1).map(inner -> "{\"type\":" + inner + '}'),
                value(depth - 1).map(inner -> "{\"format\":" + inner + '}'));
    }
}
