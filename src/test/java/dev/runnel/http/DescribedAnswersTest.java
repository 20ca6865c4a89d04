package dev.runnel.http;

import static dev.runnel.http.AnswerRig.BY_ID;
import static dev.runnel.http.AnswerRig.STREAM_BY_ID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.TestConfig;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Status;
import dev.runnel.openapi.Operation;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Each answer that the service gives is described: its status, headers, content type and members. The reverse holds
 * too: each of these in the description is in an answer that one test provokes.
 */
class DescribedAnswersTest {

    /** No request causes a fault of the service itself here. */
    private static final Pattern FAULTLESS =
            Pattern.compile("answer ((GET|DELETE) .*|POST /v1/responses/\\{id}/cancel) 500");

    /** For want of memory, or of an answer of the lane that has the text. */
    private static final Pattern OVERLOADS = Pattern.compile("answer \\w+ /v1/(generate|responses)/\\{id}.* 503");

    /** While another node is cut off from the one that has the text. */
    private static final Pattern CUT_OFF = Pattern.compile("value ErrorBody\\.code=cluster");

    @Test
    void everyAnswerIsDescribedAndTheReverse() throws Exception {
        try (AnswerRig rig = new AnswerRig()) {
            for (Operation operation : rig.description.operations()) {
                provokeAnyRefusal(rig, operation);
            }
            provokeOtherAnswers(rig);
            provokePages(rig);
            provokeModels(rig);
            provokeStates(rig);
            provokeStreamsById(rig);
            for (String path : AnswerRig.BODIES.keySet()) {
                new PostAnswers(rig, path).provoke();
            }
            new ResponseAnswers(rig).provoke();
            Set<String> unseen = rig.answers.unseen();
            unseen.removeIf(one -> FAULTLESS.matcher(one).matches());
            unseen.removeIf(one -> OVERLOADS.matcher(one).matches());
            unseen.removeIf(one -> CUT_OFF.matcher(one).matches());

            assertThat(unseen).isEmpty();
        }
    }

    /** What any request can be refused for. */
    private static void provokeAnyRefusal(AnswerRig rig, Operation operation) {
        String path = AnswerRig.path(operation);
        String method = operation.method();
        send(rig, operation, HttpWire.requestHead(method, path, "Transfer-Encoding: gzip"));
        send(rig, operation, HttpWire.requestHead(method, path, "X: " + "y".repeat(20_000)));
        if (operation.needsKey()) {
            send(rig, operation, HttpWire.requestHead(method, path, "Content-Length: 0"));
            String unknownPlan = HttpWire.bearer(rig.service.issue("gone").token());
            send(rig, operation, HttpWire.requestHead(method, path, unknownPlan, "Content-Length: 0"));
        }
        if (!operation.scopes().isEmpty()) {
            String without = HttpWire.bearer(rig.keyWithout(operation.scopes()));
            send(rig, operation, HttpWire.requestHead(method, path, without, "Content-Length: 0"));
        }
    }

    private static void send(AnswerRig rig, Operation operation, String head) {
        rig.read(operation.method(), operation.path(), rig.wire().send(head));
    }

    private static void provokeOtherAnswers(AnswerRig rig) {
        for (Operation operation : rig.description.operations()) {
            String path = AnswerRig.path(operation);
            boolean isOpenAi = path.endsWith("/completions") || path.startsWith("/v1/responses");
            String auth = HttpWire.bearer(rig.key);
            other(rig, "options", HttpWire.requestHead("OPTIONS", path, auth));
            other(rig, isOpenAi ? "otherMethodOfOpenAi" : "otherMethod", HttpWire.requestHead("PUT", path, auth));
        }
        other(rig, "unknownPath", HttpWire.requestHead("GET", "/v1/nothing", HttpWire.bearer(rig.key)));
        other(rig, "unknownPath", HttpWire.requestHead("GET", "/nothing"));
        String asked = "Access-Control-Request-Method: POST";
        String headers = "Access-Control-Request-Headers: authorization";
        String origin = "Origin: " + AnswerRig.ORIGIN;
        other(rig, "preflight", HttpWire.requestHead("OPTIONS", "/v1/models", origin, asked, headers));
    }

    private static void other(AnswerRig rig, String name, String head) {
        try (HttpWire wire = rig.wire().send(head)) {
            rig.answers.checkOther(name, wire.answer());
        }
    }

    private static void provokePages(AnswerRig rig) throws Exception {
        for (String path : List.of("/", "/openapi.yaml", "/playground/main.js")) {
            String template = path.replace("main.js", "{name}");
            rig.read("GET", template, rig.wire().get(path, "Origin: " + AnswerRig.ORIGIN));
            try (HttpWire wire = rig.wire().get(path, "If-None-Match: *")) {
                rig.noted("GET", template, wire.head());
            }
        }
        for (String file : List.of("style.css", "icon.svg", "nothing.js")) {
            rig.read("GET", "/playground/{name}", rig.wire().get("/playground/" + file));
        }
        try (TestService off = TestService.start(
                        TestConfig.of("http: { port: 0, playground: false }").http(), 1);
                HttpWire wire = new HttpWire(off.port())) {
            rig.noted("GET", "/", wire.get("/").answer());
        }
    }

    private static void provokeModels(AnswerRig rig) {
        rig.get("/v1/models", "/v1/models", "Origin: " + AnswerRig.ORIGIN);
        rig.get("/v1/models/{name}", "/v1/models/echo");
        rig.get("/v1/models/{name}", "/v1/models/nothing");
        rig.get("/v1/usage", "/v1/usage");
        String limited = HttpWire.bearer(rig.service.issue("roomy").token());
        rig.read("GET", "/v1/usage", rig.wire().get("/v1/usage", limited));
    }

    private static void provokeStates(AnswerRig rig) throws Exception {
        String path = AnswerRig.STREAM;
        try (HttpWire first = rig.wire()) {
            Play play = rig.startResumable(first, path, AnswerRig.newIdempotencyKey());
            first.head();
            for (Status.Phase phase : List.of(Status.Phase.WAITING, Status.Phase.RUNNING)) {
                rig.generator.phase(phase);
                state(rig, play.id());
            }
            play.say("once").finish();
            first.rest();
            state(rig, play.id());
            rig.delete(play.id());
            rig.delete("gen_x");
            state(rig, "gen_x");
        }
        for (FailureCode code : FailureCode.values()) {
            try (HttpWire first = rig.wire()) {
                Play play = rig.startResumable(first, path, AnswerRig.newIdempotencyKey());
                first.head();
                play.fail(new Failure(code, "x", "prompt", 0));
                first.rest();
                state(rig, play.id());
            }
        }
    }

    private static void state(AnswerRig rig, String id) {
        rig.get(BY_ID, AnswerRig.GENERATE + "/" + id);
    }

    private static void provokeStreamsById(AnswerRig rig) throws Exception {
        List<HttpWire> readers = new ArrayList<>();
        try (HttpWire first = rig.wire();
                HttpWire plain = rig.post(AnswerRig.STREAM, AnswerRig.body(AnswerRig.STREAM))) {
            Play other = rig.generator.accept();
            plain.head();
            byId(rig, other.id(), "");
            other.finish();
            Play play = rig.startResumable(first, AnswerRig.STREAM, AnswerRig.newIdempotencyKey());
            first.head();
            for (int i = 1; i < TestService.RESUME.readers(); i++) {
                HttpWire reader = rig.wire();
                reader.get(AnswerRig.GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(rig.key))
                        .head();
                readers.add(reader);
            }
            byId(rig, play.id(), "");
            readers.forEach(HttpWire::close);
            play.say("once").finish();
            first.rest();
            for (String query : List.of("", "?includeText=false", "?includeText=x")) {
                byId(rig, play.id(), query);
            }
            byId(rig, "gen_x", "");
        }
    }

    private static Answer byId(AnswerRig rig, String id, String query) {
        return rig.get(STREAM_BY_ID, AnswerRig.GENERATE + "/" + id + "/stream" + query);
    }
}
