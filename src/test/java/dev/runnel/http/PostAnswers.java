package dev.runnel.http;

import static org.awaitility.Awaitility.await;

import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Submit;
import dev.runnel.openapi.DescribedAnswers;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import io.vertx.core.eventbus.Message;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Provokes each answer of a route that starts generations. */
final class PostAnswers {

    /** What can happen only after a generation was accepted. Then the status of a stream is 200 already. */
    private static final Set<FailureCode> AFTER_ACCEPTANCE = EnumSet.of(
            FailureCode.UPSTREAM_FAILED,
            FailureCode.FIRST_TOKEN_TIMEOUT,
            FailureCode.NEXT_TOKEN_TIMEOUT,
            FailureCode.ABANDONED);

    private final AnswerRig rig;
    private final String path;
    private final boolean isNative;
    private final boolean isOpenAi;
    private final boolean isResponses;

    PostAnswers(AnswerRig rig, String path) {
        this.rig = rig;
        this.path = path;
        this.isNative = path.startsWith(AnswerRig.GENERATE);
        this.isOpenAi = !isNative;
        this.isResponses = path.equals(AnswerRig.RESPONSES);
    }

    void provoke() throws Exception {
        provokeAnswers();
        provokeParts();
        provokeFailures();
        provokeRefusals();
        provokeLimits();
        provokeConflicts();
        provokeReaders();
    }

    private Answer read(HttpWire wire) {
        return rig.read("POST", path, wire);
    }

    private HttpWire post(String... further) {
        return rig.post(path, AnswerRig.body(path, further));
    }

    private void provokeAnswers() throws Exception {
        for (String form : forms()) {
            for (FinishReason reason : FinishReason.values()) {
                HttpWire wire = post(form);
                Play play = rig.generator.accept();
                play.say("once").finish(reason, new Usage(1, 1, true));
                read(wire);
            }
        }
    }

    /** What is not text, with and without a text beside it. */
    private void provokeParts() throws Exception {
        String call = "{\"index\":0,\"id\":\"c\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}";
        for (String form : forms()) {
            HttpWire wire = post(form);
            rig.generator
                    .accept()
                    .add(PartKind.REASONING_CONTENT, "\"so\"")
                    .add(PartKind.TOOL_CALLS, "[" + call + "]")
                    .finish(FinishReason.TOOL_CALLS, new Usage(1, 2, false));
            read(wire);
        }
    }

    /** Further members of the body that make the answer another one. */
    private List<String> forms() {
        if (isResponses) {
            return List.of("\"stream\":false", "\"stream\":true");
        }
        if (isOpenAi) {
            return List.of(
                    "\"stream\":false",
                    "\"stream\":true",
                    "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        }
        return List.of("\"includeText\":true", "\"includeText\":false");
    }

    private void provokeFailures() throws Exception {
        boolean isStream = path.equals(AnswerRig.STREAM);
        for (FailureCode code : FailureCode.values()) {
            Failure failure = new Failure(code, "x", "prompt", 0);
            if (!(isStream && AFTER_ACCEPTANCE.contains(code))) {
                HttpWire refused = post();
                rig.generator.refuse(failure);
                read(refused);
            }
            for (String form : forms()) {
                HttpWire failed = post(form);
                rig.generator.accept().say("once").fail(failure);
                read(failed);
            }
        }
    }

    private void provokeRefusals() {
        String auth = HttpWire.bearer(rig.key);
        send("Content-Length: 9999999", HttpWire.JSON, auth);
        send("Content-Length: 2", "Content-Type: text/plain", auth);
        read(rig.post(path, "{", "Accept: application/json"));
        read(post("\"model\":\"nothing\""));
        read(post("\"model\":\"broken\""));
        String tight = rig.service.issue("tight").token();
        read(rig.wire().post(path, tight, AnswerRig.body(path, "\"model\":\"other\"")));
        if (isOpenAi) {
            read(post(isResponses ? "\"prompt\":{}" : "\"n\":2"));
        }
    }

    private void send(String... headers) {
        read(rig.wire().send(HttpWire.requestHead("POST", path, headers)));
    }

    private void provokeLimits() throws Exception {
        String key = rig.service.issue("single").token();
        String few = maxTokens(5);
        String many = maxTokens(60);
        HttpWire first = rig.wire().post(path, key, AnswerRig.body(path, few));
        Play play = rig.generator.accept();
        read(rig.wire().post(path, key, AnswerRig.body(path, few)));
        play.account(new Usage(1, 80, false));
        play.finish(FinishReason.STOP, new Usage(1, 80, false));
        read(first);
        await().until(() -> tokensLeft(key) < 60);
        read(rig.wire().post(path, key, AnswerRig.body(path, many)));
        String large = AnswerRig.body(path).replace("\"x\"", '"' + "x".repeat(1000) + '"');
        read(rig.wire().post(path, key, large));
    }

    private String maxTokens(int most) {
        String name = isResponses ? "max_output_tokens" : isNative ? "maxTokens" : "max_tokens";
        return "\"" + name + "\":" + most;
    }

    private int tokensLeft(String key) {
        try (HttpWire wire = rig.wire()) {
            String usage = wire.get("/v1/usage", HttpWire.bearer(key)).answer().body();
            return DescribedAnswers.json(usage).at("/tokens/remaining").asInt();
        }
    }

    private double refusedAsInProgress() {
        return rig.service.metric("runnel_resume_refused_total{reason=\"in_progress\"}");
    }

    private void provokeConflicts() throws Exception {
        double before = refusedAsInProgress();
        String key = AnswerRig.newIdempotencyKey();
        HttpWire first = rig.wire().post(path, rig.key, AnswerRig.body(path), key);
        Message<Submit> submit = rig.generator.submit();
        // As many may wait as may read. One more is refused at once.
        List<HttpWire> waiting = Stream.generate(() -> rig.wire().post(path, rig.key, AnswerRig.body(path), key))
                .limit(TestService.RESUME.readers() + 1)
                .toList();
        await().until(() -> refusedAsInProgress() > before);
        Play play = rig.generator.accept(submit);
        play.say("once").finish();
        read(first);
        waiting.forEach(this::read);
        read(rig.post(path, AnswerRig.body(path, "\"temperature\":1"), key));
        read(rig.post(path, AnswerRig.body(path), AnswerRig.newIdempotencyKey(), "Last-Event-ID: 4"));
        read(rig.post(path, AnswerRig.body(path), "Last-Event-ID: 4"));
    }

    private void provokeReaders() throws Exception {
        String key = AnswerRig.newIdempotencyKey();
        HttpWire first = rig.wire().post(path, rig.key, AnswerRig.body(path), key);
        Play play = rig.generator.accept();
        await().until(() -> isKept(play));
        List<HttpWire> readers = Stream.generate(() ->
                        rig.wire().get(AnswerRig.GENERATE + "/" + play.id() + "/stream", HttpWire.bearer(rig.key)))
                .limit(TestService.RESUME.readers() - 1)
                .toList();
        readers.forEach(HttpWire::head);
        read(rig.post(path, AnswerRig.body(path), key));
        readers.forEach(HttpWire::close);
        play.say("once").finish();
        read(first);
    }

    /** The state of a generation has its text once it is kept. */
    private boolean isKept(Play play) {
        return rig.get(AnswerRig.BY_ID, AnswerRig.GENERATE + "/" + play.id())
                .body()
                .contains("\"text\":");
    }
}
