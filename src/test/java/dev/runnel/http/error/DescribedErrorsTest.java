package dev.runnel.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LimitState;
import dev.runnel.openapi.Description;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The description has the errors that the code can make, and the reverse. */
class DescribedErrorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a generation that was deleted. It is no refusal, so {@link ErrorType} does not count it. */
    private static final String CANCELLED = "cancelled";

    private final Description description = Description.read();

    /** What every factory of {@link ErrorResponse} makes. */
    private static List<ErrorResponse> all() throws ReflectiveOperationException {
        List<ErrorResponse> made = new ArrayList<>();
        for (FailureCode code : FailureCode.values()) {
            made.add(ErrorResponse.of(Failure.of(code, "x")));
        }
        for (LimitDecision.Reason reason : LimitDecision.Reason.values()) {
            LimitState state = new LimitState(Optional.empty(), Optional.empty(), OptionalInt.empty(), 0);
            made.add(ErrorResponse.of(new LimitDecision.Refused(reason, "x", 1, state)));
        }
        for (Method factory : ErrorResponse.class.getDeclaredMethods()) {
            boolean isFactory = Modifier.isStatic(factory.getModifiers())
                    && !Modifier.isPrivate(factory.getModifiers())
                    && factory.getReturnType() == ErrorResponse.class
                    && !factory.getName().equals("of");
            if (isFactory) {
                made.add((ErrorResponse) factory.invoke(
                        null,
                        Arrays.stream(factory.getParameterTypes())
                                .map(DescribedErrorsTest::argument)
                                .toArray()));
            }
        }
        return made;
    }

    private static Object argument(Class<?> type) {
        return type == int.class ? 1 : type == Optional.class ? Optional.empty() : "x";
    }

    /** The types of the errors of an answer, each with the status. */
    private Stream<String> described(String status, JsonNode response) {
        return description.resolved(response).findValues("schema").stream()
                .flatMap(schema -> types(schema).stream())
                .map(type -> status + " " + type);
    }

    /** Events are described by another member than the schema of the text. */
    private Stream<String> describedEvents(String status, JsonNode response) {
        return description.resolved(response).findValues("x-events").stream()
                .flatMap(schema -> types(schema).stream())
                .map(type -> status + " " + type);
    }

    private Set<String> types(JsonNode schema) {
        JsonNode resolved = description.resolved(schema);
        String type = resolved.at("/properties/error/properties/type/const").asText();
        Set<String> types = new TreeSet<>(type.isEmpty() ? Set.of() : Set.of(type));
        resolved.path("anyOf").forEach(branch -> types.addAll(types(branch)));
        return types;
    }

    @Test
    void everyStatusAndTypeIsDescribedAndTheReverse() throws Exception {
        Set<String> made = all().stream()
                .map(error -> error.status() + " " + error.type().wireName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = new TreeSet<>();
        description
                .operations()
                .forEach(operation -> operation.node().path("responses").properties().stream()
                        .filter(response -> !response.getKey().startsWith("2"))
                        .flatMap(response -> Stream.concat(
                                described(response.getKey(), response.getValue()),
                                describedEvents(response.getKey(), response.getValue())))
                        .forEach(described::add));
        described("405", description.root().at("/x-other-answers/otherMethod")).forEach(described::add);

        assertThat(described).isEqualTo(made);
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeOfATypeIsDescribedAndTheReverse(ErrorType type) throws Exception {
        Set<String> made = new TreeSet<>(type.codes());
        for (ErrorResponse error : all()) {
            JsonNode code = JSON.readTree(OpenAiError.json(error).toString()).at("/error/code");
            if (error.type() == type && code.isTextual() && !code.asText().equals("x")) {
                made.add(code.asText());
            }
        }
        if (type == ErrorType.CONFLICT) {
            made.add(CANCELLED);
        }

        assertThat(codes(type)).isEqualTo(made);
    }

    /** Of both forms. */
    private Set<String> codes(ErrorType type) {
        Set<String> codes = new TreeSet<>();
        JsonNode schemas = description.root().at("/components/schemas");
        schemas.forEach(schema -> {
            JsonNode error = schema.at("/properties/error/properties");
            if (error.at("/type/const").asText().equals(type.wireName())) {
                JsonNode code = error.path("code");
                code.path("enum").forEach(one -> codes.add(one.asText()));
                codes.add(code.path("const").asText("null"));
            }
        });
        codes.remove("null");
        return codes;
    }

    @Test
    void everyTypeIsDescribedAndTheReverse() {
        Set<String> types =
                Arrays.stream(ErrorType.values()).map(ErrorType::wireName).collect(Collectors.toSet());

        assertThat(types(description.schema("Error"))).isEqualTo(types);
        assertThat(types(description.schema("OpenAiError"))).isEqualTo(types);
        assertThat(description.schema("ErrorBody").at("/properties/type/enum"))
                .extracting(JsonNode::asText)
                .isSubsetOf(types);
    }

    @Test
    void everyFinishReasonIsDescribedAndTheReverse() {
        Set<String> reasons =
                Arrays.stream(FinishReason.values()).map(FinishReason::wireName).collect(Collectors.toSet());

        assertThat(description.schema("FinishReason").path("enum"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(reasons);
        reasons.remove(FinishReason.CANCELLED.wireName());
        // Elsewhere it is a stop.
        reasons.add("tool_calls");
        assertThat(description.schema("OpenAiFinishReason").path("enum"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(reasons);
    }
}
