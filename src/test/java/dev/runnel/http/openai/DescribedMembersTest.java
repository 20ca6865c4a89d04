package dev.runnel.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.PassThrough;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Members;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description of the members of OpenAI-compatible requests is what their parser does. */
class DescribedMembersTest {

    private static final String SOURCE = "http/openai";
    private static final Description DESCRIPTION = Description.read();
    private static final Map<Family, String> SCHEMAS =
            Map.of(Family.CHAT, "ChatRequest", Family.COMPLETIONS, "CompletionRequest");
    private static final Map<Family, String> INPUTS = Map.of(
            Family.CHAT, "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]",
            Family.COMPLETIONS, "\"prompt\":\"x\"");

    private static GenerateRequest parsed(Family family, String json) {
        return new OpenAiParser(family, () -> PassThrough.NONE).parse(Buffer.buffer(json));
    }

    private static boolean accepts(Family family, String json) {
        try {
            parsed(family, json);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private static Members members(Family family) {
        String input = INPUTS.get(family);
        return members(
                family,
                (name, value) -> "{" + (input.startsWith("\"" + name + "\"") ? "" : input + ",") + "\"" + name + "\":"
                        + value + "}");
    }

    private static Members members(Family family, BinaryOperator<String> body) {
        return new Members(DESCRIPTION, SCHEMAS.get(family), body, json -> accepts(family, json));
    }

    /** A member of a message of a role. */
    private static Members ofMessage(String role) {
        return members(
                Family.CHAT,
                (name, value) -> "{\"messages\":[{" + (name.equals("role") ? "" : "\"role\":\"" + role + "\",")
                        + (name.equals("content") ? "" : "\"content\":\"x\",") + "\"" + name + "\":" + value + "}]}");
    }

    /** A member of a part of the content of a message. */
    private static Members ofPart(String role, String type) {
        return members(
                Family.CHAT,
                (name, value) -> "{\"messages\":[{\"role\":\"" + role + "\",\"content\":[{"
                        + (name.equals("type") ? "" : "\"type\":\"" + type + "\",")
                        + (name.equals(type) ? "" : "\"" + type + "\":\"x\",") + "\"" + name + "\":" + value + "}]}]}");
    }

    private static Members ofObject(String member, String rest) {
        return members(
                Family.CHAT,
                (name, value) -> "{" + INPUTS.get(Family.CHAT) + ",\"" + member + "\":{"
                        + (rest.startsWith("\"" + name + "\"") ? "" : rest) + "\"" + name + "\":" + value + "}}");
    }

    static Stream<Arguments> members() {
        return SCHEMAS.entrySet().stream()
                .flatMap(family -> DESCRIPTION.members(family.getValue()).stream()
                        .map(member -> Arguments.of(family.getKey(), member)));
    }

    private static JsonNode described(Family family, String member) {
        return DESCRIPTION.schema(SCHEMAS.get(family)).path("properties").path(member);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "COMPLETIONS"})
    void everyMemberThatIsReadIsDescribedAndTheReverse(Family family) {
        Set<String> described = DESCRIPTION.members(SCHEMAS.get(family));
        // A hint may have any value, so none is refused.
        described.removeIf(member -> described(family, member).size() == 1);

        assertThat(described).isEqualTo(members(family).refusable(SOURCE));
    }

    @ParameterizedTest
    @MethodSource("members")
    void valuesOfAMemberAreThoseThatTheParserAccepts(Family family, String member) {
        members(family).compare(member, described(family, member));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "assistant", "tool"})
    void membersOfAMessageAreThoseThatTheParserReads(String role) {
        String schema = role.equals("assistant") ? "AssistantMessage" : "OtherMessage";
        JsonNode properties = DESCRIPTION.schema(schema).path("properties");

        assertThat(DESCRIPTION.members(schema)).isEqualTo(ofMessage(role).refusable(SOURCE));
        assertThat(DESCRIPTION.members(schema))
                .allSatisfy(member -> ofMessage(role).compare(member, properties.path(member)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "refusal"})
    void membersOfAPartAreThoseThatTheParserReads(String type) {
        String schema = type.equals("text") ? "TextPart" : "RefusalPart";

        for (String role : new String[] {"user", "assistant"}) {
            Members part = ofPart(role, type);
            assertThat(DESCRIPTION.members(schema))
                    .allSatisfy(member -> part.compare(member, DESCRIPTION.schema(schema)));
        }
        assertThat(DESCRIPTION.members(schema))
                .isEqualTo(ofPart("assistant", type).refusable(SOURCE));
    }

    @Test
    void membersOfOptionsAndFormatsAreThoseThatTheParserReads() {
        assertObject("stream_options", "");
        assertObject("response_format", "\"type\":\"text\",");
    }

    private static void assertObject(String member, String rest) {
        JsonNode properties = described(Family.CHAT, member).path("properties");
        Members object = ofObject(member, rest);

        assertThat(object.refusable(SOURCE)).containsExactlyElementsOf(() -> properties.fieldNames());
        properties.properties().forEach(one -> object.compare(one.getKey(), one.getValue()));
    }

    @Test
    void defaultsAreThoseOfTheParser() {
        GenerateRequest absent = parsed(Family.CHAT, "{" + INPUTS.get(Family.CHAT) + "}");

        assertThat(DESCRIPTION.schema("ChatRequest").findParents("default")).hasSize(2);
        assertThat(described(Family.CHAT, "stream").path("default").asBoolean())
                .isEqualTo(absent.answer().isStreamed());
        assertThat(described(Family.CHAT, "stream_options")
                        .at("/properties/include_usage/default")
                        .asBoolean())
                .isEqualTo(absent.answer().includesUsage());
        assertThat(absent.maxTokens()).isZero();
    }
}
