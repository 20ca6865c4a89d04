package dev.runnel.http.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.PassThrough;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Members;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the members of {@code /v1/responses} is what their parser does. */
class DescribedInputTest {

    private static final String SOURCE = "http/responses";
    private static final String REQUEST = "ResponseRequest";
    private static final Description DESCRIPTION = Description.read();

    private static ResponsesRequest parsed(String json) {
        return new ResponsesParser(Duration.ofSeconds(60), () -> PassThrough.NONE).parse(Buffer.buffer(json));
    }

    private static boolean accepts(String json) {
        try {
            parsed(json);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private static Members members(BinaryOperator<String> body) {
        return new Members(DESCRIPTION, REQUEST, body, DescribedInputTest::accepts);
    }

    private static Members ofBody() {
        return members((name, value) ->
                "{" + (name.equals("input") ? "" : "\"input\":\"x\",") + "\"" + name + "\":" + value + "}");
    }

    /** @param rest further members, each in one line without a comma */
    private static Members ofItem(String... rest) {
        return members((name, value) -> "{\"input\":[{" + others(name, rest) + "\"" + name + "\":" + value + "}]}");
    }

    private static Members ofFormat(String... rest) {
        return members((name, value) ->
                "{\"input\":\"x\",\"text\":{\"format\":{" + others(name, rest) + "\"" + name + "\":" + value + "}}}");
    }

    private static String others(String name, String... rest) {
        StringBuilder others = new StringBuilder();
        Stream.of(rest)
                .filter(other -> !other.startsWith("\"" + name + "\""))
                .forEach(other -> others.append(other).append(','));
        return others.toString();
    }

    static Stream<String> described() {
        return DESCRIPTION.members(REQUEST).stream();
    }

    @Test
    void everyMemberThatIsReadIsDescribedAndTheReverse() {
        Set<String> described = DESCRIPTION.members(REQUEST);
        // A hint may have any value, so none is refused.
        described.removeIf(member ->
                DESCRIPTION.schema(REQUEST).path("properties").path(member).size() == 1);

        assertThat(described).isEqualTo(ofBody().refusable(SOURCE));
    }

    @ParameterizedTest
    @MethodSource("described")
    void valuesOfAMemberAreThoseThatTheParserAccepts(String member) {
        ofBody().compare(member, DESCRIPTION.schema(REQUEST).path("properties").path(member));
    }

    @ParameterizedTest
    @CsvSource({"assistant,AnswerItem", "user,MessageItem"})
    void membersOfAMessageAreThoseThatTheParserReads(String role, String schema) {
        Members item = ofItem("\"role\":\"" + role + "\"", "\"content\":\"x\"");

        assertThat(DESCRIPTION.members(schema))
                .allSatisfy(member -> item.compare(
                        member, DESCRIPTION.schema(schema).path("properties").path(member)))
                .isSubsetOf(item.refusable(SOURCE));
    }

    @Test
    void membersOfTheOutputOfAToolAreThoseThatTheParserReads() {
        JsonNode properties = DESCRIPTION.schema("ToolOutputItem").path("properties");
        Members item = ofItem("\"type\":\"function_call_output\"", "\"output\":\"x\"");

        item.compare("type", properties.path("type"));
        item.compare("output", properties.path("output"));
    }

    @Test
    void membersOfAFormatAreThoseThatTheParserReads() {
        Members format = ofFormat("\"type\":\"json_schema\"", "\"schema\":{}");

        assertThat(DESCRIPTION.members("TextFormat"))
                .allSatisfy(member -> format.compare(
                        member,
                        DESCRIPTION.schema("TextFormat").path("properties").path(member)))
                .isEqualTo(format.refusable(SOURCE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\":\"x\",\"store\":true}",
                "{\"input\":\"x\",\"store\":true,\"background\":true}",
                "{\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\"}}}",
                "{\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_object\"}}}",
                "{\"input\":\"x\",\"metadata\":{\"a\":1}}",
                "{\"input\":\"x\",\"metadata\":{\"a\":\"b\",\"c\":null}}"
            })
    void whatIsRequiredTogetherIsWhatTheParserRequires(String json) {
        assertThat(DESCRIPTION.faults(Description.reference(REQUEST), json).isEmpty())
                .isEqualTo(accepts(json));
    }
}
