package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.engine.openai.FakeUpstream;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/** Whatever a client of a relayed model with tools sends, and whatever calls its server makes. */
class AnyRelayedTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> INPUTS = Map.of(
            "/v1/chat/completions",
            "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]",
            "/v1/completions",
            "\"prompt\":\"hi\"",
            "/v1/responses",
            "\"input\":\"hi\"");
    private static final String MODELS = """
            defaultModel: m
            models:
              - name: m
                engine: openai
                tools: true
                passThrough: [ user, metadata, x ]
                rawPath: /raw
                upstreams: [ { url: "%s", model: m } ]
            """;

    private static Vertx vertx;
    private static FakeUpstream upstream;
    private static RealService service;

    @BeforeContainer
    static void start() throws Exception {
        vertx = Vertx.vertx();
        upstream = new FakeUpstream(vertx, ask -> answer(ask, FakeUpstream.delta("x")));
        service = RealService.start(MODELS.formatted(upstream.url()));
    }

    @AfterContainer
    static void stop() throws Exception {
        service.close();
        upstream.close();
        vertx.close().await();
    }

    /** A server that accepts JSON without duplicate members alone. */
    private static void answer(FakeUpstream.Ask ask, String events) {
        try {
            JSON.reader()
                    .with(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .readTree(ask.body());
            ask.stream(events, FakeUpstream.finish("stop"), FakeUpstream.DONE);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            ask.status(500, "not JSON");
        }
    }

    private static Answer post(String path, String body) {
        try (HttpWire wire = service.connect()) {
            return wire.post(path, service.key(), body).answer();
        }
    }

    @Property(tries = 300)
    void anyMembersAreServedOrTheClientsFault(@ForAll("paths") String path, @ForAll("members") List<String> members)
            throws Exception {
        upstream.always(ask -> answer(ask, FakeUpstream.delta("x")));
        String body =
                "{" + INPUTS.get(path) + members.stream().map(one -> "," + one).collect(Collectors.joining()) + "}";

        Answer answer = post(path, body);

        Statistics.label("served").collect(answer.status() == 200);
        assertThat(answer.status()).as(path + " " + body).isIn(200, 400, 404);
        if (answer.status() != 200) {
            JsonNode error = JSON.readTree(answer.bytes()).get("error");
            assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
            BadBodyTest.assertThatNothingLeaks(answer.body());
        }
        Statistics.label("served").coverage(coverage -> coverage.check(true).count(served -> served > 0));
    }

    @Property(tries = 200)
    void anyCallsOfTheServerEndWithAnAnswer(@ForAll("calls") List<String> calls) throws Exception {
        upstream.always(ask -> answer(
                ask,
                calls.stream()
                        .map(call ->
                                "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + call + "]}}]}\n\n")
                        .collect(Collectors.joining())));
        String input = "{" + INPUTS.get("/v1/responses");

        JsonNode whole = JSON.readTree(post("/v1/responses", input + "}").bytes());
        ResponseStream stream = ResponseStream.of(
                post("/v1/responses", input + ",\"stream\":true}").body());
        String chat = post("/v1/chat/completions", "{" + INPUTS.get("/v1/chat/completions") + "}")
                .body();

        assertThat(stream.last().get("type").asText()).isEqualTo("response.completed");
        assertThat(stream.lastNumber()).isEqualTo(stream.events().size() - 1);
        assertThat(stream.last().at("/response/output").findValues("arguments"))
                .isEqualTo(whole.get("output").findValues("arguments"));
        JSON.readTree(chat);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(INPUTS.keySet());
    }

    /** Members with distinct names, which most routes know. */
    @Provide
    Arbitrary<List<String>> members() {
        Arbitrary<String> name = Arbitraries.of(
                "tools",
                "tool_choice",
                "parallel_tool_calls",
                "user",
                "metadata",
                "x",
                "stream",
                "response_format",
                "text",
                "instructions",
                "stop",
                "echo",
                "n");
        Arbitrary<String> tool = Combinators.combine(
                        Arbitraries.of("type", "name", "parameters", "function", "strict"), AnyChatTest.value(1))
                .as((member, value) ->
                        "{\"type\":\"function\",\"x\":{\"" + member + "\":" + value + "},\"name\":" + value + "}");
        Arbitrary<String> value = Arbitraries.oneOf(
                AnyChatTest.value(2),
                tool,
                tool.map(one -> "[" + one + "]"),
                Arbitraries.of(
                        "\"auto\"",
                        "\"required\"",
                        "{\"type\":\"allowed_tools\",\"tools\":[{\"type\":\"function\"},7]}",
                        "{\"type\":\"json_object\"}"));
        return Combinators.combine(name, value)
                .as((member, json) -> '"' + member + "\":" + json)
                .list()
                .ofMaxSize(5)
                .uniqueElements(member -> member.substring(0, member.indexOf(':')));
    }

    /** Pieces of calls, of usual and of odd forms. */
    @Provide
    Arbitrary<List<String>> calls() {
        Arbitrary<String> odd = Combinators.combine(
                        Arbitraries.of("index", "id", "type", "function", "custom"), AnyChatTest.value(2))
                .as((name, value) -> "{\"" + name + "\":" + value + "}");
        Arbitrary<String> usual = Combinators.combine(
                        Arbitraries.of("", "\"index\":0,", "\"index\":1,"),
                        Arbitraries.of("", "\"id\":\"a\",", "\"id\":\"b\","),
                        Arbitraries.of("", "\"name\":\"f\","),
                        Arbitraries.of("\"\"", "\"{}\"", "\"\\u00e9\\\\\"", "null", "{\"a\":\"b\"}"))
                .as((index, id, name, arguments) ->
                        "{" + index + id + "\"function\":{" + name + "\"arguments\":" + arguments + "}}");
        return Arbitraries.oneOf(odd, usual, usual).list().ofMaxSize(5);
    }
}
