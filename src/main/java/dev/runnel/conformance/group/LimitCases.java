package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Body;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Unmet;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Limits of keys: plans, requests and tokens per minute, generations at once, and the queue. */
final class LimitCases {

    private static final String HEADERS = "Answers to a known caller carry x-ratelimit-limit-requests,"
            + " x-ratelimit-remaining-requests, x-ratelimit-reset-requests and the same three for tokens,"
            + " absent where unlimited";
    private static final int MAX_REQUESTS = 8;
    private static final int MAX_WAITING = 40;

    /** Half of the queue of the shipped configuration is 32. */
    private static final int MAX_QUEUED = 200;

    private LimitCases() {}

    static List<Case> cases() {
        CaseList cases = CaseList.of("limit").needs(Need.LIMITED_KEY).sentence(HEADERS);
        for (String kind : List.of("requests", "tokens")) {
            for (String part : List.of("limit", "remaining", "reset")) {
                String name = "x-ratelimit-" + part + "-" + kind;
                cases.add("headers/" + part + "-" + kind, 2, s -> hasHeader(s, kind, name));
            }
            cases.add("headers/equals-usage-" + kind, 2, s -> equalsUsage(s, kind))
                    .add("headers/remaining-within-limit-" + kind, 2, s -> isWithinLimit(s, kind));
        }
        cases.sentence("A request larger than the whole bucket is 400 (code: exceeds_plan)")
                .add("tokens/exceeds-plan", 2, LimitCases::exceedsPlan)
                .sentence("rate_limit_error: 429 + Retry-After: over a limit of the key")
                .add("requests/429", MAX_REQUESTS, LimitCases::overRequests)
                .add("requests/429-as-event", MAX_REQUESTS, LimitCases::overRequestsOnStream)
                .add("requests/429-is-per-key", MAX_REQUESTS, LimitCases::otherKeyGoesOn);
        plans(cases);
        atOnce(cases);
        return cases.cases();
    }

    private static JsonNode usage(Session s, KeyRole role) throws IOException {
        return s.send(Request.of("GET", "/v1/usage").key(s.key(role))).json();
    }

    private static Answer limited(Session s) throws IOException {
        return s.send(Request.of("GET", "/v1/models").key(s.key(KeyRole.LIMITED)));
    }

    private static void skipUnlessLimited(Session s, String kind) throws IOException {
        if (!usage(s, KeyRole.LIMITED).path(kind).isObject()) {
            throw NotRun.skip("the key of --limited-key has no limit of " + kind);
        }
    }

    private static void hasHeader(Session s, String kind, String name) throws IOException {
        skipUnlessLimited(s, kind);
        String value = limited(s).headerOrEmpty(name);
        Expect.that(value.matches("-?[0-9]+"), name + ", a whole number", value);
    }

    private static void equalsUsage(Session s, String kind) throws IOException {
        skipUnlessLimited(s, kind);
        Answer answer = s.send(Request.of("GET", "/v1/usage").key(s.key(KeyRole.LIMITED)));
        Expect.equal(
                "x-ratelimit-limit-" + kind,
                answer.json().path(kind).path("limit").asText(),
                answer.headerOrEmpty("x-ratelimit-limit-" + kind));
    }

    private static void isWithinLimit(Session s, String kind) throws IOException {
        skipUnlessLimited(s, kind);
        JsonNode window = usage(s, KeyRole.LIMITED).path(kind);
        Expect.that(
                window.path("remaining").asInt() <= window.path("limit").asInt(), "remaining within the limit", window);
    }

    private static void exceedsPlan(Session s) throws IOException {
        int limit = usage(s, KeyRole.LIMITED).path("tokens").path("limit").asInt(Integer.MAX_VALUE);
        if (limit > 4000) {
            throw NotRun.skip("the key of --limited-key has no limit of at most 4000 tokens");
        }
        Body body = s.small().with("maxTokens", Integer.toString(limit + 1));
        Answer answer = s.send(as(s, KeyRole.LIMITED, Session.ONCE, body));
        JsonNode error = Expect.refusal(400, "invalid_request_error", answer);
        Expect.equal("error.code", "exceeds_plan", error.path("code").asText());
    }

    private static Request as(Session s, KeyRole role, String route, Body body) {
        return s.post(route, body).without("Authorization").key(s.key(role));
    }

    /** Sends requests until one is refused for its rate. */
    private static Answer over(Session s, String route) throws IOException {
        int limit = usage(s, KeyRole.LIMITED).path("requests").path("limit").asInt(Integer.MAX_VALUE);
        if (limit > MAX_REQUESTS - 3) {
            throw NotRun.skip("the key of --limited-key has no limit of at most " + (MAX_REQUESTS - 3) + " requests");
        }
        Answer answer = s.send(as(s, KeyRole.LIMITED, route, s.small()));
        for (int i = 0; i < limit && answer.status() == 200; i++) {
            answer = s.send(as(s, KeyRole.LIMITED, route, s.small()));
        }
        Expect.refusal(429, "rate_limit_error", answer);
        String after = answer.headerOrEmpty("Retry-After");
        Expect.that(after.matches("[1-9][0-9]*"), "Retry-After in whole seconds", after);
        return answer;
    }

    private static void overRequests(Session s) throws IOException {
        over(s, Session.ONCE);
    }

    private static void overRequestsOnStream(Session s) throws IOException {
        Answer answer = over(s, Session.STREAM);
        Expect.that(answer.isEventStream(), "Content-Type: text/event-stream", answer.headerOrEmpty("Content-Type"));
    }

    private static void otherKeyGoesOn(Session s) throws IOException {
        over(s, Session.ONCE);
        Expect.generated(s.send(s.post(Session.ONCE, s.small())));
    }

    private static void plans(CaseList cases) {
        cases.sentence(HEADERS)
                .needs()
                .add("headers/absent-where-unlimited", 2, LimitCases::absentWhereUnlimited)
                .needs(Need.NARROW_KEY)
                .sentence("Above the plan is 403")
                .add("plan/max-tokens", 2, LimitCases::abovePlan)
                .add("plan/max-tokens-as-event", 2, LimitCases::abovePlanOnStream)
                .sentence("one that the key may not use 403")
                .add("plan/model", 3, LimitCases::modelOutsideOfPlan);
    }

    private static void absentWhereUnlimited(Session s) throws IOException {
        Answer answer = s.send(s.get("/v1/usage"));
        for (String kind : List.of("requests", "tokens")) {
            boolean isUnlimited = answer.json().path(kind).isNull();
            boolean isAbsent = answer.header("x-ratelimit-limit-" + kind).isEmpty();
            Expect.that(!isUnlimited || isAbsent, "no x-ratelimit-limit-" + kind, answer.head());
        }
    }

    private static Answer above(Session s, String route) throws IOException {
        Model model = Models.all(s, KeyRole.NARROW).findFirst().orElseThrow(() -> NotRun.skip("no model"));
        Body body = Body.of("Hi", model.maxTokens() + 1).model(model.name());
        return s.send(as(s, KeyRole.NARROW, route, body));
    }

    private static void abovePlan(Session s) throws IOException {
        JsonNode error = Expect.refusal(403, "permission_error", above(s, Session.ONCE));
        Expect.equal("error.param", "maxTokens", error.path("param").asText());
    }

    private static void abovePlanOnStream(Session s) throws IOException {
        Expect.refusal(403, "permission_error", above(s, Session.STREAM));
    }

    private static void modelOutsideOfPlan(Session s) throws IOException {
        List<String> few = Models.all(s, KeyRole.NARROW).map(Model::name).toList();
        String outside = Models.all(s, KeyRole.MAIN)
                .map(Model::name)
                .filter(name -> !few.contains(name))
                .findFirst()
                .orElseThrow(() -> NotRun.skip("the key of --narrow-key may use all models"));
        Answer answer =
                s.send(as(s, KeyRole.NARROW, Session.ONCE, Body.of("Hi", 1).model(outside)));
        Expect.equal(
                "error.param",
                "model",
                Expect.refusal(403, "permission_error", answer).path("param").asText());
    }

    private static void atOnce(CaseList cases) {
        cases.needs(Need.CONCURRENT_KEY, Need.SLOW)
                .sentence("For \"at once\" (code: concurrency) it is 1 and promises nothing")
                .add("at-once/429", MAX_WAITING, s -> overAtOnce(s, Session.ONCE))
                .add("at-once/429-as-event", MAX_WAITING, s -> overAtOnce(s, Session.STREAM))
                .needs(Need.LOAD, Need.SINGLE)
                .sentence("one key holds at most half of the queue; overloaded_error: 503 + Retry-After: full")
                .add("queue/is-bounded", MAX_QUEUED, LimitCases::queueIsBounded);
    }

    private static void overAtOnce(Session s, String route) throws IOException {
        int limit =
                usage(s, KeyRole.CONCURRENT).path("generations").path("limit").asInt(Integer.MAX_VALUE);
        if (limit > 8) {
            throw NotRun.skip("the key of --concurrent-key has no limit of at most 8 generations");
        }
        Body body = s.story(ModelRole.SLOW).with("maxTokens", "2000");
        List<Wire> open = new ArrayList<>();
        try {
            for (int i = 0; i < limit; i++) {
                Wire wire = s.open(as(s, KeyRole.CONCURRENT, Session.STREAM, body));
                open.add(wire);
                Expect.equal("status", 200, wire.head().status());
            }
            Answer answer = s.send(as(s, KeyRole.CONCURRENT, route, s.with(ModelRole.SLOW, s.small())));
            JsonNode error = Expect.refusal(429, "rate_limit_error", answer);
            Expect.equal("error.code", "concurrency", error.path("code").asText());
            Expect.equal("Retry-After", "1", answer.headerOrEmpty("Retry-After"));
        } finally {
            close(open);
        }
        Expect.that(
                s.becomesTrue(() -> usage(s, KeyRole.CONCURRENT)
                                .path("generations")
                                .path("running")
                                .asInt()
                        == 0),
                "generations.running 0 after all clients left",
                "more");
    }

    private static void queueIsBounded(Session s) throws IOException {
        List<Wire> open = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_QUEUED; i++) {
                Wire wire =
                        s.open(s.post(Session.STREAM, s.story(ModelRole.SINGLE).with("maxTokens", "4000")));
                open.add(wire);
                if (wire.head().status() == 503) {
                    return;
                }
            }
        } finally {
            close(open);
        }
        throw new Unmet("status 503 for one of " + MAX_QUEUED + " requests of one key at once", "200 for each");
    }

    private static void close(List<Wire> open) throws IOException {
        for (Wire wire : open) {
            wire.close();
        }
    }
}
