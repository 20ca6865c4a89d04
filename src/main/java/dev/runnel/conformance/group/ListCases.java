package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** {@code GET /v1/models} and {@code GET /v1/usage}. */
final class ListCases {

    private static final String MODELS =
            "\"models\":[{\"name\",\"default\",\"available\",\"contextTokens\",\"maxTokens\"}]";
    private static final String USAGE = "{\"subject\",\"plan\",\"requests\":{\"limit\",\"remaining\",\"resetSeconds\"},"
            + "\"tokens\":{…},\"generations\":{\"limit\",\"running\"}}; null where unlimited";

    private ListCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("models").sentence(MODELS);
        cases.add("members", 1, ListCases::modelMembers)
                .add("one-default", 1, ListCases::oneDefault)
                .add("names-differ", 1, ListCases::namesDiffer)
                .add(
                        "max-tokens-at-least-one",
                        1,
                        s -> Expect.that(
                                Models.all(s, KeyRole.MAIN).allMatch(model -> model.maxTokens() >= 1),
                                "maxTokens of 1 or more",
                                "another"))
                .add("json", 1, s -> isJson(s.send(s.get("/v1/models"))))
                .needs(Need.OPENAI)
                .sentence("{\"object\":\"list\",\"data\":[…],\"models\":[…]}, the same models in the same order")
                .add("openai-list", 1, ListCases::openAiList)
                .add("openai-one", 2, ListCases::openAiOne)
                .add(
                        "openai-unknown",
                        1,
                        s -> Expect.refusal(404, "not_found_error", s.send(s.get("/v1/models/no-such-model"))))
                .needs(Need.NARROW_KEY)
                .sentence("the models that this key may use")
                .add("plan-narrows-the-list", 2, ListCases::planNarrows);
        return Stream.of(cases.cases(), usage()).flatMap(List::stream).toList();
    }

    private static void isJson(Answer answer) {
        String type = answer.headerOrEmpty("Content-Type");
        Expect.that(type.startsWith("application/json"), "Content-Type: application/json", type);
    }

    private static void modelMembers(Session s) throws IOException {
        JsonNode models = Models.document(s, KeyRole.MAIN).path("models");
        Expect.that(models.isArray() && !models.isEmpty(), "a list models, not empty", models);
        for (JsonNode model : models) {
            boolean hasTypes = model.path("name").isTextual()
                    && model.path("default").isBoolean()
                    && model.path("available").isBoolean()
                    && model.path("contextTokens").isInt()
                    && model.path("maxTokens").isInt();
            Expect.that(hasTypes && model.size() == 5, MODELS, model);
        }
    }

    private static void oneDefault(Session s) throws IOException {
        long defaults = Models.all(s, KeyRole.MAIN).filter(Model::isDefault).count();
        Expect.equal("the number of default models", 1L, defaults);
    }

    private static void namesDiffer(Session s) throws IOException {
        Set<String> names = new HashSet<>();
        Models.all(s, KeyRole.MAIN).forEach(model -> Expect.that(names.add(model.name()), "a name once", model.name()));
    }

    private static void openAiList(Session s) throws IOException {
        JsonNode document = Models.document(s, KeyRole.MAIN);
        Expect.equal("object", "list", document.path("object").asText());
        Expect.equal(
                "the length of data",
                document.path("models").size(),
                document.path("data").size());
        for (int i = 0; i < document.path("data").size(); i++) {
            JsonNode entry = document.path("data").get(i);
            Expect.equal(
                    "id",
                    document.path("models").get(i).path("name").asText(),
                    entry.path("id").asText());
            Expect.equal("object", "model", entry.path("object").asText());
            Expect.that(entry.path("created").isIntegralNumber(), "created, whole seconds", entry);
        }
    }

    private static void openAiOne(Session s) throws IOException {
        String name = Models.all(s, KeyRole.MAIN).findFirst().orElseThrow().name();
        Answer answer = s.send(s.get("/v1/models/" + name));
        Expect.status(200, answer);
        Expect.equal("id", name, answer.json().path("id").asText());
    }

    private static void planNarrows(Session s) throws IOException {
        List<String> all = Models.all(s, KeyRole.MAIN).map(Model::name).toList();
        List<String> few = Models.all(s, KeyRole.NARROW).map(Model::name).toList();
        Expect.that(few.size() < all.size() && all.containsAll(few), "fewer models than " + all, few);
    }

    private static List<Case> usage() {
        return CaseList.of("usage")
                .sentence(USAGE)
                .add("members", 1, ListCases::usageMembers)
                .add("json", 1, s -> isJson(s.send(s.get("/v1/usage"))))
                .needs(Need.LIMITED_KEY)
                .add("limits-are-numbers", 1, ListCases::limitsAreNumbers)
                .needs(Need.CONCURRENT_KEY)
                .add("generations-are-numbers", 1, ListCases::generationsAreNumbers)
                .needs(Need.SECOND_KEY)
                .sentence("caller (issuer and subject of a key)")
                .add(
                        "same-subject",
                        2,
                        s -> Expect.equal("subject", subject(s, KeyRole.MAIN), subject(s, KeyRole.SECOND)))
                .needs(Need.OTHER_KEY)
                .add(
                        "other-subject",
                        2,
                        s -> Expect.that(
                                !subject(s, KeyRole.MAIN).equals(subject(s, KeyRole.OTHER)),
                                "another subject",
                                "the same"))
                .cases();
    }

    private static JsonNode usageOf(Session s, KeyRole role) throws IOException {
        Answer answer = s.send(s.get("/v1/usage").without("Authorization").key(s.key(role)));
        Expect.status(200, answer);
        return answer.json();
    }

    private static String subject(Session s, KeyRole role) throws IOException {
        return usageOf(s, role).path("subject").asText();
    }

    private static void usageMembers(Session s) throws IOException {
        JsonNode usage = usageOf(s, KeyRole.MAIN);
        Expect.that(usage.path("subject").isTextual() && usage.path("plan").isTextual(), "subject and plan", usage);
        for (String member : List.of("requests", "tokens", "generations")) {
            JsonNode limit = usage.path(member);
            Expect.that(limit.isNull() || limit.isObject(), member + ", an object or null", usage);
        }
    }

    private static void limitsAreNumbers(Session s) throws IOException {
        JsonNode usage = usageOf(s, KeyRole.LIMITED);
        for (String member : List.of("requests", "tokens")) {
            JsonNode limit = usage.path(member);
            boolean isLimit = limit.isNull()
                    || (limit.path("limit").isInt()
                            && limit.path("remaining").isInt()
                            && limit.path("resetSeconds").isInt());
            Expect.that(isLimit, member + " with limit, remaining and resetSeconds", usage);
        }
    }

    private static void generationsAreNumbers(Session s) throws IOException {
        JsonNode generations = usageOf(s, KeyRole.CONCURRENT).path("generations");
        Expect.that(
                generations.path("limit").isInt() && generations.path("running").isInt(),
                "generations with limit and running",
                generations);
    }
}
