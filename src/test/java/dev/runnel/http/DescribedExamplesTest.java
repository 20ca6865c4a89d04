package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.openapi.DescribedAnswers;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Operation;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each example of a request in the description is sent to the whole service. Each example of an answer is the answer to
 * the request of the same name, or to one that a table here names. Ids and times differ.
 */
class DescribedExamplesTest {

    private static final String CONFIG = """
            plans:
              - { name: unlimited }
              - { name: standard, requestsPerMinute: 60, tokensPerMinute: 100000, concurrentGenerations: 4 }
            defaultModel: smollm2-135m-instruct
            models:
              - { name: smollm2-135m-instruct, engine: scripted, text: "Once upon", interval: 30ms, contextTokens: 8192 }
            """;
    private static final String PROMPT = "{\"prompt\":\"Tell me a story\"}";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Description DESCRIPTION = Description.read();

    private static RealService service;

    /** What is sent for an example of an answer that has no request of its name, by that name. */
    private static final Map<String, Function<Operation, Answer>> SENT = Map.ofEntries(
            Map.entry("finished", operation -> get(operation, resumable())),
            Map.entry("afterByte4", operation -> get(operation, resumable(), "Last-Event-ID: 4")),
            Map.entry("otherPlace", operation -> get(operation, resumable(), "Last-Event-ID: 5000")),
            Map.entry("one", operation -> get(operation, "smollm2-135m-instruct")),
            Map.entry(
                    "limited", operation -> get(service.issue("standard", HOUR).token(), operation, "")),
            Map.entry("unknownField", operation -> post(operation, "\"max_tokens\":5")),
            Map.entry("outOfRange", operation -> post(operation, "\"top_p\":2")),
            Map.entry("laterNumber", operation -> get(operation, background() + "?stream=true&starting_after=5000")),
            Map.entry("withoutBackground", DescribedExamplesTest::runningResponse),
            Map.entry("noKey", operation -> head(operation, "Content-Length: 0")),
            Map.entry("unknownModel", operation -> post(operation, "\"model\":\"gpt-4o\"")),
            Map.entry("unknownId", operation -> head(operation, HttpWire.bearer(service.key()))),
            Map.entry("otherRequest", DescribedExamplesTest::otherRequest),
            Map.entry("withoutKey", DescribedExamplesTest::running));

    /** One example of a media type. */
    private record Example(String name, JsonNode value, String type) {}

    @BeforeAll
    static void start() throws Exception {
        service = RealService.start(CONFIG);
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    private static Answer answer(Function<HttpWire, HttpWire> request) {
        try (HttpWire wire = service.connect()) {
            return request.apply(wire).answer();
        }
    }

    private static Answer get(Operation operation, String parameter, String... headers) {
        return get(service.key(), operation, parameter, headers);
    }

    private static Answer get(String key, Operation operation, String parameter, String... headers) {
        String path = operation.path().replaceAll("\\{\\w+}", parameter);
        return answer(wire -> wire.get(path, AnswerRig.with(HttpWire.bearer(key), headers)));
    }

    private static Answer head(Operation operation, String header) {
        return answer(wire -> wire.send(HttpWire.requestHead(operation.method(), AnswerRig.path(operation), header)));
    }

    private static Answer post(Operation operation, String member) {
        return answer(wire -> wire.post(operation.path(), service.key(), AnswerRig.body(operation.path(), member)));
    }

    private static Answer otherRequest(Operation operation) {
        String key = "Idempotency-Key: " + UUID.randomUUID();
        String path = operation.path();
        answer(wire -> wire.post(path, service.key(), AnswerRig.body(path), key));
        return answer(wire -> wire.post(path, service.key(), AnswerRig.body(path, "\"temperature\":1"), key));
    }

    /** The id of a resumable generation that has ended. */
    private static String resumable() {
        Answer ended = answer(
                wire -> wire.post(AnswerRig.GENERATE, service.key(), PROMPT, "Idempotency-Key: " + UUID.randomUUID()));
        return ended.header("X-Generation-Id");
    }

    /** The id of a background response. */
    private static String background() {
        return answer(wire -> wire.post(
                        AnswerRig.RESPONSES, service.key(), AnswerRig.body(AnswerRig.RESPONSES, "\"background\":true")))
                .header("X-Generation-Id");
    }

    /** The answer for a response that is not kept, while it runs. */
    private static Answer runningResponse(Operation operation) {
        String body = AnswerRig.body(AnswerRig.RESPONSES, "\"stream\":true");
        try (HttpWire wire = service.connect()) {
            String id =
                    wire.post(AnswerRig.RESPONSES, service.key(), body).head().header("X-Generation-Id");
            return send(operation, id);
        }
    }

    private static Answer send(Operation operation, String id) {
        String path = operation.path().replace("{id}", id);
        return answer(
                wire -> wire.send(HttpWire.requestHead(operation.method(), path, HttpWire.bearer(service.key()))));
    }

    private static List<Example> requests(Operation operation) {
        JsonNode body = DESCRIPTION.resolved(operation.node().path("requestBody"));
        return examples(body);
    }

    /** Of a body of a request, or of an answer. */
    private static List<Example> examples(JsonNode body) {
        List<Example> found = new ArrayList<>();
        body.path("content")
                .properties()
                .forEach(content -> content.getValue()
                        .path("examples")
                        .properties()
                        .forEach(example -> found.add(
                                new Example(example.getKey(), example.getValue().path("value"), content.getKey()))));
        return found;
    }

    @TestFactory
    Stream<DynamicTest> everyRequestIsAccepted() {
        return DESCRIPTION.operations().stream()
                .flatMap(operation -> requests(operation).stream()
                        .map(request -> DynamicTest.dynamicTest(operation + " " + request.name(), () -> {
                            Answer answer = send(operation, request);
                            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                            new DescribedAnswers(DESCRIPTION).check(operation, answer);
                        })));
    }

    private static Answer send(Operation operation, Example request) {
        return answer(wire ->
                wire.post(operation.path(), service.key(), request.value().toString()));
    }

    @TestFactory
    Stream<DynamicTest> everyAnswerIsThatOfTheService() {
        return DESCRIPTION.operations().stream()
                .flatMap(operation -> operation.node().path("responses").properties().stream()
                        .flatMap(response -> examples(DESCRIPTION.resolved(response.getValue())).stream()
                                .map(example -> DynamicTest.dynamicTest(
                                        operation + " " + response.getKey() + " " + example.name(),
                                        () -> compare(operation, response.getKey(), example)))));
    }

    private static void compare(Operation operation, String status, Example example) {
        Optional<Example> request = requests(operation).stream()
                .filter(one -> one.name().equals(example.name()))
                .findFirst();
        assertThat(request.isPresent() || SENT.containsKey(example.name()))
                .as("a request for the example %s", example.name())
                .isTrue();
        Answer answer = request.map(one -> send(operation, one))
                .orElseGet(() -> SENT.get(example.name()).apply(operation));

        assertThat(answer.status()).as(answer.body()).isEqualTo(Integer.parseInt(status));
        assertThat(answer.header("Content-Type")).startsWith(example.type());
        if (example.value().isTextual()) {
            assertThat(comparable(answer.body()))
                    .isEqualTo(comparable(example.value().asText()));
        } else {
            assertThat(DescribedAnswers.json(comparable(answer.body())))
                    .isEqualTo(DescribedAnswers.json(comparable(example.value().toString())));
        }
    }

    /** The answer for a generation without an idempotency key, while it runs. */
    private static Answer running(Operation operation) {
        try (HttpWire wire = service.connect()) {
            String id =
                    wire.post(AnswerRig.STREAM, service.key(), PROMPT).head().header("X-Generation-Id");
            return get(operation, id);
        }
    }

    private static String comparable(String body) {
        return body.replaceAll("gen_[0-9A-Z]{24}", "gen_X")
                .replaceAll("msg_[0-9A-Z]{24}", "msg_X")
                .replaceAll("\"(created|created_at)\":[0-9]+", "\"$1\":0");
    }
}
