package dev.runnel.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.config.TestConfig;
import dev.runnel.http.error.RefusedException;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Members;
import io.vertx.core.buffer.Buffer;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the fields of {@code /v1/generate} is what their parser does. */
class DescribedFieldsTest {

    private static final String SOURCE = "http/request";
    private static final String REQUEST = "GenerateRequest";
    private static final Description DESCRIPTION = Description.read();
    private static final RequestParser PARSER =
            new RequestParser(TestConfig.of("http: { port: 0 }").generation());

    private static final String USER = "{\"role\":\"user\",\"content\":\"x\"}";

    private static String body(String name, String value) {
        boolean isInput = name.equals("prompt") || name.equals("messages");
        return "{" + (isInput ? "" : "\"prompt\":\"x\",") + "\"" + name + "\":" + value + "}";
    }

    /** The last message is always the user's: no schema can say that of an array of any length. */
    private static String message(String name, String value) {
        return "{\"messages\":[{" + (name.equals("role") ? "" : "\"role\":\"user\",")
                + (name.equals("content") ? "" : "\"content\":\"x\",") + "\"" + name + "\":" + value + "}," + USER
                + "]}";
    }

    private static String laterMessage(String name, String value) {
        return message(name, value).replace("[{", "[" + USER + ",{");
    }

    private static String format(String name, String value) {
        return "{\"prompt\":\"x\",\"responseFormat\":{" + (name.equals("type") ? "" : "\"type\":\"json\",") + "\""
                + name + "\":" + value + "}}";
    }

    private static GenerateRequest parsed(String json) {
        return PARSER.parse(Buffer.buffer(json));
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
        return new Members(DESCRIPTION, REQUEST, body, DescribedFieldsTest::accepts);
    }

    static Stream<String> fields() {
        return DESCRIPTION.members(REQUEST).stream();
    }

    @Test
    void everyFieldIsDescribedAndTheReverse() {
        assertThat(DESCRIPTION.members(REQUEST))
                .containsExactlyInAnyOrderElementsOf(RequestField.names())
                .containsExactlyInAnyOrderElementsOf(
                        members(DescribedFieldsTest::body).acceptable(SOURCE));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void valuesOfAFieldAreThoseThatTheParserAccepts(String field) {
        members(DescribedFieldsTest::body)
                .compare(field, DESCRIPTION.schema(REQUEST).path("properties").path(field));
    }

    @Test
    void everyMemberOfAMessageIsDescribedAndTheReverse() {
        assertThat(DESCRIPTION.members("Message"))
                .isEqualTo(DESCRIPTION.members("FirstMessage"))
                .isEqualTo(members(DescribedFieldsTest::message).acceptable(SOURCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"role", "content"})
    void valuesOfAMessageAreThoseThatTheParserAccepts(String member) {
        members(DescribedFieldsTest::message)
                .compare(
                        member,
                        DESCRIPTION.schema("FirstMessage").path("properties").path(member));
        members(DescribedFieldsTest::laterMessage)
                .compare(
                        member,
                        DESCRIPTION.schema("FirstMessage").path("properties").path(member));
    }

    @Test
    void everyMemberOfAFormatIsDescribedAndTheReverse() {
        assertThat(DESCRIPTION.members("ResponseFormat"))
                .isEqualTo(members(DescribedFieldsTest::format).acceptable(SOURCE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "schema"})
    void valuesOfAFormatAreThoseThatTheParserAccepts(String member) {
        members(DescribedFieldsTest::format)
                .compare(
                        member,
                        DESCRIPTION.schema("ResponseFormat").path("properties").path(member));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"prompt\":null}",
                "{\"prompt\":\"x\",\"messages\":null}",
                "{\"prompt\":null,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"prompt\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                "{\"prompt\":\"x\",\"other\":null}",
                "{\"prompt\":\"x\",\"responseFormat\":{\"type\":\"text\",\"schema\":{}}}",
                "{\"prompt\":\"x\",\"responseFormat\":{\"type\":\"text\",\"schema\":null}}"
            })
    void whatIsRequiredTogetherIsWhatTheParserRequires(String json) {
        assertThat(DESCRIPTION.faults(Description.reference(REQUEST), json).isEmpty())
                .isEqualTo(accepts(json));
    }

    @Test
    void defaultsAreThoseOfTheParser() {
        JsonNode fields = DESCRIPTION.schema(REQUEST).path("properties");
        GenerateRequest absent = parsed("{\"prompt\":\"x\"}");

        assertThat(fields.findParents("default")).hasSize(2);
        assertThat(absent.maxTokens()).isEqualTo(fields.at("/maxTokens/default").asInt());
        assertThat(absent.includeText())
                .isEqualTo(fields.at("/includeText/default").asBoolean());
    }
}
