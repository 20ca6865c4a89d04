package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Json;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.List;

/** The fields of a request that are numbers, booleans or names. */
final class FieldCases {

    private static final String FORMAT =
            "{\"type\":\"text\"}, {\"type\":\"json\"} or {\"type\":\"json\",\"schema\":{…}}";

    private static final List<FieldRule> RULES = List.of(
            FieldRule.of("maxTokens", "integer, 1 … 4096 (maximum configurable)")
                    .accepts("one", "1")
                    .refuses("zero", "0")
                    .refuses("negative", "-1")
                    .refuses("many-digits", "99999999999999999999")
                    .refusesAllButIntegers(),
            FieldRule.of("temperature", "number, 0 … 2")
                    .accepts("zero", "0")
                    .accepts("two", "2")
                    .accepts("fraction", "0.7")
                    .accepts("exponent", "5e-1")
                    .refuses("below", "-0.1")
                    .refuses("above", "2.1")
                    .refuses("huge-exponent", "1e999")
                    .refusesAllButNumbers(),
            FieldRule.of("topP", "number, > 0 … 1")
                    .accepts("one", "1")
                    .accepts("fraction", "0.1")
                    .accepts("exponent", "1e-3")
                    .refuses("zero", "0")
                    .refuses("below", "-0.1")
                    .refuses("above", "1.1")
                    .refuses("huge-exponent", "1e999")
                    .refusesAllButNumbers(),
            FieldRule.of("topK", "integer, 0 … 1000 (0 = off)")
                    .accepts("zero", "0")
                    .accepts("upper-bound", "1000")
                    .refuses("negative", "-1")
                    .refuses("above", "1001")
                    .refusesAllButIntegers(),
            FieldRule.of("seed", "integer, 0 … 4294967294")
                    .accepts("zero", "0")
                    .accepts("upper-bound", "4294967294")
                    .refuses("negative", "-1")
                    .refuses("above", "4294967295")
                    .refusesAllButIntegers(),
            penalty("presencePenalty"),
            penalty("frequencyPenalty"),
            FieldRule.of("responseFormat", FORMAT)
                    .accepts("text", "{\"type\":\"text\"}")
                    .refuses("string", "\"json\"")
                    .refuses("array", "[]")
                    .refuses("no-type", "{}")
                    .refuses("unknown-type", "{\"type\":\"xml\"}")
                    .refuses("unknown-member", "{\"type\":\"json\",\"strict\":true}")
                    .refuses("schema-of-text", "{\"type\":\"text\",\"schema\":{}}")
                    .refuses("schema-that-is-no-object", "{\"type\":\"json\",\"schema\":true}")
                    .refuses("deep-schema", "{\"type\":\"json\",\"schema\":" + nested(65) + "}"),
            FieldRule.of("includeText", "boolean")
                    .accepts("true", "true")
                    .accepts("false", "false")
                    .refuses("number", "1")
                    .refuses("string", "\"true\"")
                    .refuses("array", "[true]")
                    .refuses("object", "{}"));

    private FieldCases() {}

    private static FieldRule penalty(String field) {
        return FieldRule.of(field, "number, -2 … 2")
                .accepts("lower-bound", "-2")
                .accepts("upper-bound", "2")
                .accepts("zero", "0")
                .refuses("below", "-2.1")
                .refuses("above", "2.1")
                .refuses("huge-exponent", "1e999")
                .refusesAllButNumbers();
    }

    /** A schema of this many levels. */
    private static String nested(int levels) {
        return "{\"items\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("request");
        RULES.forEach(rule -> rule.addTo(cases));
        cases.sentence("maxTokens: integer, 1 … 4096 (maximum configurable)")
                .add("maxTokens/accepts-upper-bound", 2, FieldCases::acceptsMostTokens)
                .add("maxTokens/refuses-above", 3, FieldCases::refusesMoreTokens)
                .sentence("A maxTokens that does not fit the model's context is 400 (param: maxTokens)")
                .add("maxTokens/refuses-more-than-context", 3, FieldCases::refusesMoreThanContext);
        cases.sentence("a model that can do neither answers 400 (param: responseFormat)")
                .add("responseFormat/json", 2, s -> acceptsFormat(s, "{\"type\":\"json\"}"))
                .add("responseFormat/schema", 2, s -> acceptsFormat(s, "{\"type\":\"json\",\"schema\":{\"const\":1}}"));
        model(cases);
        return cases.cases();
    }

    private static void acceptsFormat(Session s, String format) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.small().with("responseFormat", format)));
        if (answer.status() == 400) {
            Expect.invalid("responseFormat", answer);
            throw NotRun.skip("the model has no responseFormat");
        }
        Expect.generated(answer);
    }

    private static void acceptsMostTokens(Session s) throws IOException {
        Model model = Models.of(s, ModelRole.TEXT);
        if (model.contextTokens() > 0 && model.maxTokens() + 64 > model.contextTokens()) {
            throw NotRun.skip("the model's context is smaller than its maxTokens");
        }
        Body body = s.small().with("maxTokens", Integer.toString(model.maxTokens()));
        try (Wire wire = s.open(s.post(Session.STREAM, body))) {
            Expect.equal("status", 200, wire.head().status());
        }
    }

    private static void refusesMoreTokens(Session s) throws IOException {
        int above = Models.of(s, ModelRole.TEXT).maxTokens() + 1;
        FieldRule.refusesOnBothRoutes(s, "maxTokens", s.small().with("maxTokens", Integer.toString(above)));
    }

    private static void refusesMoreThanContext(Session s) throws IOException {
        Model small = Models.withSmallContext(s);
        Body body = Body.of("Hi", small.contextTokens()).model(small.name());
        FieldRule.refusesOnBothRoutes(s, "maxTokens", body);
    }

    private static void model(CaseList cases) {
        cases.sentence("model: string, one of /v1/models")
                .add("model/accepts-listed", 2, FieldCases::acceptsListedModel)
                .sentence(FieldRule.NULL_IS_ABSENT)
                .add(
                        "model/null-is-absent",
                        1,
                        s -> Expect.generated(
                                s.send(s.post(Session.ONCE, Body.of("Hi", 1).with("model", "null")))))
                .sentence("An unknown model is 404 (param: model)")
                .add("model/unknown", 2, s -> unknownModel(s, "no-such-model"))
                .add("model/unknown-empty", 2, s -> unknownModel(s, ""))
                .add(
                        "model/unknown-case",
                        3,
                        s -> unknownModel(s, Models.of(s, ModelRole.TEXT).name() + "X"))
                .sentence("model: string, one of /v1/models. Anything else is refused with 400")
                .add("model/refuses-number", 2, s -> refusesModel(s, "1"))
                .add("model/refuses-boolean", 2, s -> refusesModel(s, "true"))
                .add("model/refuses-array", 2, s -> refusesModel(s, "[\"a\"]"))
                .add("model/refuses-object", 2, s -> refusesModel(s, "{}"))
                .sentence(FieldRule.DUPLICATES)
                .add(
                        "model/refuses-duplicate",
                        1,
                        s -> Expect.refusal(
                                400,
                                "invalid_request_error",
                                s.send(s.post(Session.ONCE, "{\"prompt\":\"Hi\",\"model\":\"a\",\"model\":\"a\"}"))));
    }

    private static void acceptsListedModel(Session s) throws IOException {
        Model model = Models.of(s, ModelRole.TEXT);
        String answered = Expect.generated(
                        s.send(s.post(Session.ONCE, Body.of("Hi", 1).model(model.name()))))
                .path("model")
                .asText();
        Expect.equal("model", model.name(), answered);
    }

    private static void unknownModel(Session s, String name) throws IOException {
        Body body = Body.of("Hi", 1).with("model", Json.quoted(name));
        for (String route : List.of(Session.ONCE, Session.STREAM)) {
            var error = Expect.refusal(404, "not_found_error", s.send(s.post(route, body)));
            Expect.equal("error.param", "model", error.path("param").asText());
        }
    }

    private static void refusesModel(Session s, String json) throws IOException {
        FieldRule.refusesOnBothRoutes(s, "model", Body.of("Hi", 1).with("model", json));
    }
}
