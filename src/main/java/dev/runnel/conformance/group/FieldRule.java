package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row of the table of a request's fields.
 *
 * @param rule what the table says of the field
 * @param accepted values by the name of their case, each in its JSON form
 * @param refused the same
 */
record FieldRule(String field, String rule, Map<String, String> accepted, Map<String, String> refused) {

    static final String NULL_IS_ABSENT = "null is the same as absent for every optional field";
    static final String DUPLICATES = "So are duplicate fields at any depth";
    private static final String NAMED =
            ". Anything else is refused with 400 that names the field, the value and the rule";

    static FieldRule of(String field, String rule) {
        return new FieldRule(field, rule, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    FieldRule accepts(String name, String json) {
        accepted.put(name, json);
        return this;
    }

    FieldRule refuses(String name, String json) {
        refused.put(name, json);
        return this;
    }

    /** Every kind of value that is not a number. */
    FieldRule refusesAllButNumbers() {
        return refuses("string", "\"1\"")
                .refuses("boolean", "true")
                .refuses("array", "[1]")
                .refuses("object", "{\"value\":1}");
    }

    /** Refuses every value that is not a whole number. A whole number may be written with a fraction or an exponent. */
    FieldRule refusesAllButIntegers() {
        return accepts("point-zero", "2.0")
                .accepts("exponent", "2e0")
                .refuses("fraction", "1.5")
                .refuses("negative-exponent", "15e-1")
                .refuses("huge-exponent", "1e999")
                .refusesAllButNumbers();
    }

    void addTo(CaseList cases) {
        cases.sentence(field + ": " + rule);
        accepted.forEach((name, json) -> cases.add(field + "/accepts-" + name, 1, s -> accepts(s, json)));
        cases.sentence(field + ": " + rule + NAMED);
        refused.forEach((name, json) -> cases.add(field + "/refuses-" + name, 2, s -> refuses(s, json)));
        cases.sentence(NULL_IS_ABSENT).add(field + "/null-is-absent", 1, s -> accepts(s, "null"));
        cases.sentence(DUPLICATES).add(field + "/refuses-duplicate", 1, this::refusesDuplicate);
    }

    private void accepts(Session s, String json) throws IOException {
        Answer answer = s.send(s.post(Session.ONCE, s.small().with(field, json)));
        boolean isRelay = answer.status() == 400
                && field.equals("topK")
                && answer.error().path("param").asText().equals("topK");
        if (isRelay) {
            throw NotRun.skip("the model has no topK");
        }
        Expect.generated(answer);
    }

    private void refuses(Session s, String json) throws IOException {
        JsonNode error = refusesOnBothRoutes(s, field, s.small().with(field, json));
        if (json.matches("-?[0-9.]+")) {
            String message = error.path("message").asText();
            Expect.that(message.contains(json), "a message that names the value " + json, message);
        }
    }

    /** Both routes refuse a body in the same words; returns the error. */
    static JsonNode refusesOnBothRoutes(Session s, String param, Body body) throws IOException {
        JsonNode once = Expect.invalid(param, s.send(s.post(Session.ONCE, body)));
        JsonNode stream = Expect.invalid(param, s.send(s.post(Session.STREAM, body)));
        String message = once.path("message").asText();
        Expect.that(message.contains(param), "a message that names the field " + param, message);
        Expect.equal(
                "the same message on both routes",
                message,
                stream.path("message").asText());
        return once;
    }

    private void refusesDuplicate(Session s) throws IOException {
        String value = accepted.values().stream().findFirst().orElse("1");
        String once = s.small().with(field, value).json();
        String twice = once.substring(0, once.length() - 1) + ",\"" + field + "\":" + value + "}";
        JsonNode error = Expect.refusal(400, "invalid_request_error", s.send(s.post(Session.ONCE, twice)));
        Expect.that(error.path("message").asText().contains(field), "a message that names the field " + field, error);
    }
}
