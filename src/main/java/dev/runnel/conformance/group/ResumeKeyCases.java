package dev.runnel.conformance.group;

import dev.runnel.conformance.group.Resumable.Finished;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.List;

/** Idempotency keys: one key, one generation. */
final class ResumeKeyCases {

    private static final String FORM = "Idempotency-Key: <1 … 255 printable ASCII characters>";
    private static final String ATTACHES =
            "The same key with the same request attaches, running or finished, on either POST route";
    private static final String SAME = "Same request: the fields that were sent are equal as values; includeText, order"
            + " and spacing do not count";
    private static final String MISMATCH = "Another request: 409 idempotency_mismatch";
    private static final String RELEASES =
            "One that failed releases its key: the next POST starts a new one with a new id";
    private static final String HI = "{\"prompt\":\"Hi\",\"maxTokens\":8}";

    private ResumeKeyCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("resume/key").needs(Need.RESUME).sentence(FORM);
        cases.add("accepts-one-character", 1, ResumeKeyCases::acceptsShortKey)
                .add(
                        "accepts-255-characters",
                        1,
                        s -> Expect.generated(s.send(Resumable.post(
                                s, Session.ONCE, s.small(), (s.unique() + "x".repeat(255)).substring(0, 255)))))
                .add(
                        "accepts-spaces-and-signs",
                        1,
                        s -> Expect.generated(s.send(Resumable.post(
                                s, Session.ONCE, s.small(), s.unique() + " !\"#$%&'()*+,-./:;<=>?@[]^_`{|}"))))
                .add("refuses-256-characters", 1, s -> badKey(s, "x".repeat(256)))
                .add("refuses-empty", 1, s -> badKey(s, ""))
                .add("refuses-not-ascii", 1, s -> badKey(s, "caf\u00e9"));
        attaching(cases);
        same(cases);
        callers(cases);
        releasing(cases);
        return cases.cases();
    }

    /** An earlier run may have used it for another request. */
    private static void acceptsShortKey(Session s) throws IOException {
        Answer answer = s.send(Resumable.post(s, Session.ONCE, s.small(), "~"));
        Expect.that(answer.status() == 200 || answer.status() == 409, "status 200 or 409", Expect.shown(answer));
    }

    private static void badKey(Session s, String key) throws IOException {
        Expect.refusal(400, "invalid_request_error", s.send(Resumable.post(s, Session.ONCE, s.small(), key)));
    }

    private static void attaching(CaseList cases) {
        cases.sentence(ATTACHES)
                .add("stream-then-stream", 2, s -> attaches(s, Session.STREAM, Session.STREAM))
                .add("stream-then-once", 2, s -> attaches(s, Session.STREAM, Session.ONCE))
                .add("once-then-stream", 2, s -> attaches(s, Session.ONCE, Session.STREAM))
                .add("once-then-once", 2, s -> attaches(s, Session.ONCE, Session.ONCE))
                .sentence("One key, one generation")
                .add("two-at-once", 2, ResumeKeyCases::twoAtOnce)
                .needs(Need.RESUME, Need.SLOW)
                .add("while-it-runs", 2, ResumeKeyCases::whileItRuns)
                .add("while-it-runs-on-once", 2, ResumeKeyCases::whileItRunsOnce)
                .needs(Need.RESUME, Need.SLOW, Need.CONCURRENT_KEY)
                .sentence("Attaching takes no request, no tokens and no place of \"at once\"")
                .add("attaching-takes-no-place", 60, ResumeKeyCases::takesNoPlace)
                .needs(Need.RESUME);
    }

    private static String id(Answer answer) {
        Expect.status(200, answer);
        String id = answer.headerOrEmpty("X-Generation-Id");
        Expect.that(!id.isEmpty(), "X-Generation-Id", answer.head());
        return id;
    }

    private static String text(Answer answer, String route) {
        return route.equals(Session.ONCE)
                ? Expect.generated(answer).path("text").asText()
                : Streamed.of(answer).finished().text();
    }

    private static void attaches(Session s, String first, String second) throws IOException {
        String key = s.unique();
        Answer one = s.send(Resumable.post(s, first, s.story(), key));
        Answer two = s.send(Resumable.post(s, second, s.story(), key));
        Expect.equal("X-Generation-Id", id(one), id(two));
        Expect.equal("the text", text(one, first), text(two, second));
    }

    private static void twoAtOnce(Session s) throws IOException {
        String key = s.unique();
        try (Wire one = s.open(Resumable.post(s, Session.STREAM, s.story(), key));
                Wire two = s.open(Resumable.post(s, Session.STREAM, s.story(), key))) {
            Answer first = one.answer();
            Answer second = two.answer();
            Expect.equal("X-Generation-Id", id(first), id(second));
            Expect.equal("the text", text(first, Session.STREAM), text(second, Session.STREAM));
        }
    }

    private static void whileItRuns(Session s) throws IOException {
        String key = s.unique();
        Body body = Resumable.slow(s, 40);
        try (Wire first = s.open(Resumable.post(s, Session.STREAM, body, key))) {
            Head head = first.head();
            first.part();
            Answer second = s.send(Resumable.post(s, Session.STREAM, body, key));
            Expect.equal("X-Generation-Id", head.header("X-Generation-Id").orElse(""), id(second));
            Expect.that(first.rest(head).isComplete(), "a first stream that goes on to its end", "a cut");
        }
    }

    private static void whileItRunsOnce(Session s) throws IOException {
        String key = s.unique();
        Body body = Resumable.slow(s, 40);
        try (Wire first = s.open(Resumable.post(s, Session.STREAM, body, key))) {
            Head head = first.head();
            String whole = text(s.send(Resumable.post(s, Session.ONCE, body, key)), Session.ONCE);
            Expect.equal("the text", whole, Streamed.of(first.rest(head)).text());
        }
    }

    private static void takesNoPlace(Session s) throws IOException {
        String key = s.unique();
        Body body = Resumable.slow(s, 200);
        var request = Resumable.by(s, KeyRole.CONCURRENT, Resumable.post(s, Session.STREAM, body, key));
        try (Wire one = s.open(request);
                Wire two = s.open(request);
                Wire three = s.open(request)) {
            for (Wire wire : List.of(one, two, three)) {
                Expect.equal("status", 200, wire.head().status());
            }
            int running = s.send(s.get("/v1/usage").without("Authorization").key(s.key(KeyRole.CONCURRENT)))
                    .json()
                    .path("generations")
                    .path("running")
                    .asInt();
            Expect.equal("generations.running", 1, running);
        }
    }

    private static void same(CaseList cases) {
        cases.sentence(SAME)
                .add("order-does-not-count", 2, s -> sameAs(s, "{\"maxTokens\":8,\"prompt\":\"Hi\"}"))
                .add("spacing-does-not-count", 2, s -> sameAs(s, " { \"prompt\" : \"Hi\" ,\n \"maxTokens\" : 8 } "))
                .add("escapes-do-not-count", 2, s -> sameAs(s, "{\"prompt\":\"\\u0048i\",\"maxTokens\":8}"))
                .add("form-of-a-number-does-not-count", 2, s -> sameAs(s, "{\"prompt\":\"Hi\",\"maxTokens\":8.0}"))
                .add(
                        "include-text-does-not-count",
                        2,
                        s -> sameAs(s, "{\"prompt\":\"Hi\",\"maxTokens\":8,\"includeText\":false}"))
                .sentence(MISMATCH)
                .add("other-prompt", 2, s -> otherThan(s, "{\"prompt\":\"Ho\",\"maxTokens\":8}"))
                .add("other-max-tokens", 2, s -> otherThan(s, "{\"prompt\":\"Hi\",\"maxTokens\":9}"))
                .add("field-more", 2, s -> otherThan(s, "{\"prompt\":\"Hi\",\"maxTokens\":8,\"seed\":1}"))
                .add("field-less", 2, s -> otherThan(s, "{\"prompt\":\"Hi\"}"));
    }

    private static Answer second(Session s, String first, String second) throws IOException {
        String key = s.unique();
        Expect.generated(s.send(s.post(Session.ONCE, first).header(Resumable.KEY, key)));
        return s.send(s.post(Session.ONCE, second).header(Resumable.KEY, key));
    }

    private static void sameAs(Session s, String other) throws IOException {
        Expect.generated(second(s, HI, other));
    }

    private static void otherThan(Session s, String other) throws IOException {
        Expect.equal("error.code", "idempotency_mismatch", Resumable.conflict(second(s, HI, other)));
    }

    private static void callers(CaseList cases) {
        cases.needs(Need.RESUME, Need.SECOND_KEY)
                .sentence("Every key of the same caller may … attach by POST (scope generate)")
                .add(
                        "second-key-attaches",
                        2,
                        s -> Expect.equal(
                                "X-Generation-Id", Resumable.finished(s).id(), id(posted(s, KeyRole.SECOND))))
                .needs(Need.RESUME, Need.OTHER_KEY)
                .sentence("A generation belongs to its caller")
                .add(
                        "other-caller-starts-its-own",
                        2,
                        s -> Expect.that(
                                !Resumable.finished(s).id().equals(id(posted(s, KeyRole.OTHER))),
                                "another generation",
                                "the first caller's"))
                .add(
                        "other-caller-sees-no-mismatch",
                        2,
                        s -> Expect.status(
                                200,
                                s.send(Resumable.by(
                                        s,
                                        KeyRole.OTHER,
                                        Resumable.post(
                                                s,
                                                Session.ONCE,
                                                s.small().with("seed", "7"),
                                                Resumable.finished(s).key() + "-2")))));
    }

    /** The request of the finished generation with a key of another role. */
    private static Answer posted(Session s, KeyRole role) throws IOException {
        Finished finished = Resumable.finished(s);
        return s.send(Resumable.by(s, role, Resumable.post(s, Session.STREAM, finished.body(), finished.key())));
    }

    private static void releasing(CaseList cases) {
        cases.needs(Need.RESUME, Need.FAILING)
                .sentence(RELEASES)
                .add("failure-releases", 2, s -> failureReleases(s, ModelRole.FAILING))
                .needs(Need.RESUME, Need.DEAD)
                .add("failure-before-the-text-releases", 2, s -> failureReleases(s, ModelRole.DEAD))
                .needs(Need.RESUME)
                .sentence("A refusal (any answer but 200) releases the claim")
                .add("bad-request-releases", 2, s -> refusalReleases(s, "{\"prompt\":\"Hi\",\"maxTokens\":0}"))
                .add(
                        "unknown-model-releases",
                        2,
                        s -> refusalReleases(s, "{\"prompt\":\"Hi\",\"model\":\"no-such-model\"}"))
                .add(
                        "unavailable-model-releases",
                        3,
                        s -> refusalReleases(
                                s,
                                Body.of("Hi", 8)
                                        .model(Models.unavailable(s).name())
                                        .json()))
                .needs(Need.RESUME, Need.BY_ID)
                .sentence("of one that ended as stop, length or content_filter it forgets text and idempotency key")
                .add("delete-forgets", 3, ResumeKeyCases::deleteForgets)
                .needs(Need.RESUME, Need.BY_ID, Need.SLOW)
                .sentence("A cancelled one keeps its key like a finished one")
                .add("cancelled-keeps-its-key", 3, ResumeKeyCases::cancelledKeeps);
    }

    private static void failureReleases(Session s, ModelRole role) throws IOException {
        String key = s.unique();
        Streamed first = Streamed.of(s.send(Resumable.post(s, Session.STREAM, s.story(role), key)));
        Expect.that(first.last().has("error"), "an error event", first.last());
        Answer second = s.send(Resumable.post(s, Session.STREAM, s.story(role), key));
        Expect.that(!first.id().equals(id(second)), "a new generation", first.id());
    }

    private static void refusalReleases(Session s, String refused) throws IOException {
        String key = s.unique();
        Answer first = s.send(s.post(Session.ONCE, refused).header(Resumable.KEY, key));
        Expect.that(first.status() >= 400, "a refusal", Expect.shown(first));
        Expect.generated(s.send(s.post(Session.ONCE, HI).header(Resumable.KEY, key)));
    }

    private static void deleteForgets(Session s) throws IOException {
        Finished finished = Resumable.fresh(s, s.small());
        Expect.status(204, s.send(Resumable.delete(s, finished.id())));
        Answer again = s.send(Resumable.post(s, Session.STREAM, finished.body(), finished.key()));
        Expect.that(!finished.id().equals(id(again)), "a new generation", finished.id());
    }

    private static void cancelledKeeps(Session s) throws IOException {
        String key = s.unique();
        Body body = Resumable.slow(s, 2000);
        try (Wire wire = s.open(Resumable.post(s, Session.STREAM, body, key))) {
            Head head = wire.head();
            String id = head.header("X-Generation-Id").orElse("");
            Expect.status(204, s.send(Resumable.delete(s, id)));
            Expect.equal(
                    "finishReason", "cancelled", Streamed.of(wire.rest(head)).finishReason());
            Streamed again = Streamed.of(s.send(Resumable.post(s, Session.STREAM, body, key)));
            Expect.equal("X-Generation-Id", id, again.id());
            Expect.equal("finishReason", "cancelled", again.finishReason());
        }
    }
}
