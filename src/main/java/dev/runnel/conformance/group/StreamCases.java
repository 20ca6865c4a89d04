package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Json;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** What holds for every stream, checked on several texts. */
final class StreamCases {

    private static final String UNICODE_TEXT =
            "Repeat: a\u00e9\u20ac\uD83D\uDE00 \u65e5\u672c\u8a9e \uD83C\uDF89\n\t\"\\\u0001 end";

    private StreamCases() {}

    private interface Rule {
        void check(Streamed stream);
    }

    private interface Sample {
        Body body(Session s);
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("stream");
        rules(cases, "text", Session::story);
        rules(cases, "one-token", Session::small);
        rules(cases, "without-text", s -> s.story().with("includeText", "false"));
        cases.needs(Need.UNICODE);
        rules(cases, "unicode", StreamCases::unicode);
        cases.sentence("no code point is ever split between two deltas")
                .add("unicode/multi-byte-arrives", 1, StreamCases::multiByteArrives);
        cases.needs();
        heads(cases);
        texts(cases);
        return cases.cases();
    }

    private static Body unicode(Session s) {
        return s.with(ModelRole.UNICODE, Body.of(UNICODE_TEXT, 64));
    }

    private static void rules(CaseList cases, String name, Sample sample) {
        rule(cases, name, sample, "sum", StreamRules.SUM, StreamRules::textIsTheSum);
        rule(cases, name, sample, "one-terminal-event", StreamRules.TERMINAL, StreamRules::oneTerminalEvent);
        rule(cases, name, sample, "done-once", StreamRules.TERMINAL, StreamRules::doneOnce);
        rule(cases, name, sample, "nothing-follows", "Nothing follows it", StreamRules::nothingFollows);
        rule(cases, name, sample, "kinds-of-lines", StreamRules.LINES, StreamRules::onlyPermittedLines);
        rule(cases, name, sample, "blank-lines", StreamRules.LINES, StreamRules::blankLineAfterEachEvent);
        rule(cases, name, sample, "utf-8", StreamRules.LINES, StreamRules::isUtf8);
        rule(cases, name, sample, "whole-code-points", StreamRules.LINES, StreamRules::wholeCodePoints);
        rule(cases, name, sample, "one-chunk", StreamRules.CHUNK, StreamRules::eventIsOneChunk);
        rule(cases, name, sample, "ids", StreamRules.ID, StreamRules::idsAreEqual);
        rule(cases, name, sample, "members", StreamRules.FORM, StreamRules::onlyKnownMembers);
        rule(cases, name, sample, "usage", StreamRules.USAGE, StreamRules::usageAddsUp);
        rule(cases, name, sample, "finish-reason", StreamRules.REASONS, StreamRules::finishReasonIsKnown);
        rule(cases, name, sample, "complete", StreamRules.CUT, StreamRules::bodyIsComplete);
    }

    private static void rule(CaseList cases, String sample, Sample body, String name, String sentence, Rule rule) {
        cases.sentence(sentence).add(sample + "/" + name, 1, s -> rule.check(stream(s, sample, body.body(s))));
    }

    /** Each sample is generated once in a run. */
    private static Streamed stream(Session s, String sample, Body body) throws IOException {
        return s.keep("stream " + sample, Streamed.class, () -> Streamed.of(s.send(s.post(Session.STREAM, body))));
    }

    private static void multiByteArrives(Session s) throws IOException {
        String text = stream(s, "unicode", unicode(s)).text();
        Expect.that(text.codePoints().anyMatch(c -> c >= 0x10000), "a text with characters of four bytes", text);
        Expect.that(!text.contains("\uFFFD"), "a text without replacement characters", text);
    }

    private static void heads(CaseList cases) {
        header(cases, "content-type", "Content-Type", "text/event-stream; charset=utf-8");
        header(cases, "cache-control", "Cache-Control", "no-cache, no-transform");
        header(cases, "buffering", "X-Accel-Buffering", "no");
        cases.sentence("Vary: Accept-Encoding")
                .add(
                        "head/vary",
                        1,
                        s -> Expect.that(
                                stream(s, "text", s.story())
                                        .answer()
                                        .headerOrEmpty("Vary")
                                        .contains("Accept-Encoding"),
                                "Vary with Accept-Encoding",
                                stream(s, "text", s.story()).answer().head()))
                .sentence("X-Generation-Id is on every 200 of a generation")
                .add(
                        "head/generation-id",
                        1,
                        s -> Expect.that(
                                stream(s, "text", s.story()).id().startsWith("gen_"),
                                "X-Generation-Id: gen_…",
                                stream(s, "text", s.story()).answer().head()))
                .add("head/generation-id-on-once", 1, StreamCases::idOnOnce)
                .needs(Need.SILENT)
                .sentence("Headers are sent as soon as the generation is admitted, before its first token")
                .add("head/before-first-token", 1, StreamCases::headBeforeFirstToken)
                .needs();
    }

    private static void header(CaseList cases, String name, String header, String value) {
        cases.sentence(header + ": " + value)
                .add(
                        "head/" + name,
                        1,
                        s -> Expect.equal(
                                header,
                                value,
                                stream(s, "text", s.story()).answer().headerOrEmpty(header)));
    }

    private static void idOnOnce(Session s) throws IOException {
        var answer = s.send(s.post(Session.ONCE, s.small()));
        Expect.equal(
                "X-Generation-Id",
                Expect.generated(answer).path("id").asText(),
                answer.headerOrEmpty("X-Generation-Id"));
    }

    private static void headBeforeFirstToken(Session s) throws IOException {
        try (Wire wire = s.open(s.post(Session.STREAM, s.story(ModelRole.SILENT)))) {
            Expect.equal("status", 200, wire.head().status());
        }
    }

    private static void texts(CaseList cases) {
        cases.sentence("with includeText:false there is no text, the rest is equal")
                .add("without-text/no-member-text", 1, StreamCases::noMemberText)
                .add("without-text/equal-deltas", 2, StreamCases::equalDeltas)
                .sentence("length (maxTokens reached)")
                .add("length/ends-with-length", 1, StreamCases::endsWithLength)
                .sentence("answers once: {\"id\",\"text\",\"finishReason\",\"usage\",\"model\"}")
                .add("once/members", 1, StreamCases::onceHasMembers)
                .add("once/usage", 1, s -> StreamRules.usage(Expect.generated(s.send(s.post(Session.ONCE, s.story())))))
                .add("once/same-text-as-stream", 2, StreamCases::sameTextOnBothRoutes)
                .add("once/model", 2, StreamCases::namesTheModel)
                .sentence("includeText: no effect on POST /v1/generate")
                .add(
                        "once/keeps-text-without-include-text",
                        1,
                        s -> Expect.that(
                                !Expect.generated(s.send(
                                                s.post(Session.ONCE, s.story().with("includeText", "false"))))
                                        .path("text")
                                        .asText()
                                        .isEmpty(),
                                "a text",
                                "none"))
                .sentence("a generation has an id of its own")
                .add("head/ids-differ", 2, StreamCases::idsDiffer)
                .sentence("Vary: Accept-Encoding")
                .add(
                        "head/no-coding-unasked",
                        1,
                        s -> Expect.equal(
                                "Content-Encoding",
                                "",
                                stream(s, "text", s.story()).answer().headerOrEmpty("Content-Encoding")))
                .add("gzip/keeps-every-rule", 1, StreamCases::gzipKeepsRules);
    }

    private static void noMemberText(Session s) throws IOException {
        Streamed stream = stream(s, "without-text", s.story().with("includeText", "false"));
        Expect.that(stream.events().stream().noneMatch(event -> event.has("text")), "no member text", stream.events());
    }

    private static void equalDeltas(Session s) throws IOException {
        Body body = s.story().with("temperature", "0").with("seed", "1");
        Streamed with = Streamed.of(s.send(s.post(Session.STREAM, body)));
        Streamed without = Streamed.of(s.send(s.post(Session.STREAM, body.with("includeText", "false"))));
        Expect.equal("the same text", with.text(), without.text());
        Expect.equal("the same finishReason", with.finishReason(), without.finishReason());
    }

    private static void endsWithLength(Session s) throws IOException {
        JsonNode last = stream(s, "one-token", s.small()).finished().last();
        Expect.equal("finishReason", "length", last.path("finishReason").asText());
        Expect.equal(
                "completionTokens",
                1,
                last.path("usage").path("completionTokens").asInt());
    }

    private static void onceHasMembers(Session s) throws IOException {
        JsonNode body = Expect.generated(s.send(s.post(Session.ONCE, s.story())));
        for (String member : Set.of("id", "text", "finishReason", "usage", "model")) {
            Expect.that(body.has(member), "a member " + member, body);
        }
        Expect.equal("the number of members", 5, body.size());
    }

    private static void sameTextOnBothRoutes(Session s) throws IOException {
        Body body = s.story().with("temperature", "0").with("seed", "1");
        String once = Expect.generated(s.send(s.post(Session.ONCE, body)))
                .path("text")
                .asText();
        Expect.equal(
                "the same text",
                once,
                Streamed.of(s.send(s.post(Session.STREAM, body))).text());
    }

    private static void namesTheModel(Session s) throws IOException {
        String name = Models.of(s, ModelRole.TEXT).name();
        JsonNode body = Expect.generated(s.send(s.post(Session.ONCE, s.small().with("model", Json.quoted(name)))));
        Expect.equal("model", name, body.path("model").asText());
    }

    private static void idsDiffer(Session s) throws IOException {
        String first = Streamed.of(s.send(s.post(Session.STREAM, s.small()))).id();
        String second = Streamed.of(s.send(s.post(Session.STREAM, s.small()))).id();
        Expect.that(!first.equals(second), "two ids", first);
    }

    private static void gzipKeepsRules(Session s) throws IOException {
        var answer = s.send(s.post(Session.STREAM, s.story()).header("Accept-Encoding", "gzip"));
        Expect.status(200, answer);
        Streamed stream = Streamed.of(Gzip.decoded(answer)).finished();
        StreamRules.textIsTheSum(stream);
        StreamRules.onlyPermittedLines(stream);
    }
}
