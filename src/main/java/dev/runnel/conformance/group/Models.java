package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Unmet;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the list of models. Each method sends one request. */
final class Models {

    private static final int MAX_SMALL_CONTEXT = 512;

    private Models() {}

    /** The answer of {@code GET /v1/models} to the key of a role. */
    static JsonNode document(Session s, KeyRole role) throws IOException {
        Answer answer = s.send(Request.of("GET", "/v1/models").key(s.key(role)));
        Expect.status(200, answer);
        return answer.json();
    }

    static Stream<Model> all(Session s, KeyRole role) throws IOException {
        return StreamSupport.stream(document(s, role).path("models").spliterator(), false)
                .map(Models::model);
    }

    private static Model model(JsonNode entry) {
        return new Model(
                entry.path("name").asText(),
                entry.path("default").asBoolean(),
                entry.path("available").asBoolean(),
                entry.path("contextTokens").asInt(),
                entry.path("maxTokens").asInt());
    }

    /** The model of a role, or the default one. */
    static Model of(Session s, ModelRole role) throws IOException {
        Optional<String> name = s.model(role);
        return all(s, KeyRole.MAIN)
                .filter(model -> name.map(model.name()::equals).orElse(model.isDefault()))
                .findFirst()
                .orElseThrow(() -> new Unmet("a default model in the list", "none"));
    }

    /** An available model whose whole context can be asked for. */
    static Model withSmallContext(Session s) throws IOException {
        return all(s, KeyRole.MAIN)
                .filter(model -> model.available() && model.contextTokens() > 0)
                .filter(model -> model.contextTokens() <= Math.min(model.maxTokens(), MAX_SMALL_CONTEXT))
                .findFirst()
                .orElseThrow(() -> NotRun.skip("no model has a context of at most 512 tokens"));
    }

    static Model unavailable(Session s) throws IOException {
        return all(s, KeyRole.MAIN)
                .filter(model -> !model.available())
                .findFirst()
                .orElseThrow(() -> NotRun.skip("all models are available"));
    }
}
