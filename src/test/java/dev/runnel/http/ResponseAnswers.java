package dev.runnel.http;

import dev.runnel.auth.IssuedKey;
import dev.runnel.http.PlayedGenerator.Play;
import dev.runnel.message.Status;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import java.util.ArrayList;
import java.util.List;

/** Provokes the answers of the routes for responses that are kept. */
final class ResponseAnswers {

    private static final String PATH = AnswerRig.RESPONSES;
    private static final String BY_ID = PATH + "/{id}";
    private static final String CANCEL = BY_ID + "/cancel";
    private static final String CALL =
            "[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]";
    private static final String BACKGROUND = "\"background\":true";

    private final AnswerRig rig;

    ResponseAnswers(AnswerRig rig) {
        this.rig = rig;
    }

    void provoke() throws Exception {
        provokeStates();
        provokeFailures();
        provokeReaders();
        provokeRefusals();
        provokeRevocation();
    }

    private Play start(String... further) throws InterruptedException {
        String[] members = AnswerRig.with(BACKGROUND, further);
        HttpWire wire = rig.post(PATH, AnswerRig.body(PATH, members));
        Play play = rig.generator.accept();
        rig.read("POST", PATH, wire);
        return play;
    }

    private Answer get(String id, String query) {
        return rig.get(BY_ID, PATH + "/" + id + query);
    }

    private void cancel(String id) {
        String head = HttpWire.requestHead("POST", PATH + "/" + id + "/cancel", HttpWire.bearer(rig.key));
        rig.read("POST", CANCEL, rig.wire().send(head));
    }

    private void delete(String id) {
        rig.read("DELETE", BY_ID, rig.wire().delete(PATH + "/" + id, HttpWire.bearer(rig.key)));
    }

    private void provokeStates() throws Exception {
        for (Status.Phase phase : List.of(Status.Phase.WAITING, Status.Phase.RUNNING)) {
            rig.generator.phase(phase);
            start("\"tool_choice\":\"required\"").finish();
        }
        for (FinishReason reason : FinishReason.values()) {
            Play play = start("\"instructions\":\"Be brief.\",\"metadata\":{\"a\":\"b\"}", "\"tool_choice\":\"none\"");
            play.say("once").add(PartKind.TOOL_CALLS, CALL).finish(reason, new Usage(1, 1, true));
            get(play.id(), "?stream=true");
            get(play.id(), "?stream=true&starting_after=1");
            get(play.id(), "");
            cancel(play.id());
            delete(play.id());
        }
    }

    private void provokeFailures() throws Exception {
        for (FailureCode code : FailureCode.values()) {
            Play play = start();
            play.fail(new Failure(code, "x", "prompt", 0));
            get(play.id(), "?stream=true");
            get(play.id(), "");
        }
    }

    private void provokeReaders() throws Exception {
        Play play = start();
        List<HttpWire> readers = new ArrayList<>();
        for (int i = 0; i < TestService.RESUME.readers(); i++) {
            HttpWire reader = rig.wire();
            reader.get(PATH + "/" + play.id() + "?stream=true", HttpWire.bearer(rig.key))
                    .head();
            readers.add(reader);
        }
        get(play.id(), "?stream=true");
        readers.forEach(HttpWire::close);
        play.finish();
    }

    private void provokeRefusals() throws Exception {
        for (String query : List.of("", "?stream=x", "?starting_after=x")) {
            get("gen_x", query);
        }
        cancel("gen_x");
        delete("gen_x");
        try (HttpWire wire = rig.post(PATH, AnswerRig.body(PATH, "\"stream\":true"))) {
            Play plain = rig.generator.accept();
            wire.head();
            get(plain.id(), "");
            cancel(plain.id());
            plain.finish();
        }
        rig.refused(PATH, AnswerRig.body(PATH, "\"previous_response_id\":\"gen_x\""));
        rig.refused(PATH, AnswerRig.body(PATH, "\"store\":true"));
    }

    private void provokeRevocation() throws Exception {
        IssuedKey key = rig.service.issue("unlimited");
        HttpWire wire = rig.wire().post(PATH, key.token(), AnswerRig.body(PATH, "\"stream\":true"));
        rig.generator.accept();
        rig.service.revoke(key);
        rig.read("POST", PATH, wire);
    }
}
