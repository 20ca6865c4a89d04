package dev.runnel.conformance.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Clients that disconnect. A place that is free again in "at once" shows that the generation has ended. */
final class CancelCases {

    private static final String FREE = "Closing the connection cancels a plain generation: … the concurrency slot is"
            + " free, before the first token, between tokens and in the queue alike";
    private static final int MAX_POLLS = 100;

    private CancelCases() {}

    private interface Leaving {
        void leave(Wire wire) throws IOException;
    }

    static List<Case> cases() {
        CaseList cases = CaseList.of("cancel").sentence(FREE);
        cases.needs(Need.CONCURRENT_KEY, Need.SLOW);
        leaving(cases, "between-tokens", ModelRole.SLOW);
        cases.needs(Need.CONCURRENT_KEY, Need.SILENT);
        leaving(cases, "before-the-first-token", ModelRole.SILENT);
        cases.needs(Need.CONCURRENT_KEY, Need.SINGLE)
                .add("queue/close", MAX_POLLS, s -> inTheQueue(s, Wire::close))
                .add("queue/reset", MAX_POLLS, s -> inTheQueue(s, Wire::reset));
        cases.needs(Need.CONCURRENT_KEY, Need.SINGLE, Need.PLAIN)
                .add("queue/half-close", MAX_POLLS, s -> inTheQueue(s, Wire::halfClose));
        cases.needs(Need.CONCURRENT_KEY, Need.SLOW)
                .sentence("\"At once\" counts waiting and running generations")
                .add("count/running", MAX_POLLS, CancelCases::countsRunning)
                .sentence("the concurrency slot is free")
                .add("count/free-after-the-end", MAX_POLLS, CancelCases::freeAfterTheEnd)
                .add("count/free-after-a-refusal", MAX_POLLS, CancelCases::freeAfterRefusal);
        return cases.cases();
    }

    private static void leaving(CaseList cases, String phase, ModelRole role) {
        List<String> routes = List.of(Session.STREAM, Session.ONCE);
        for (String route : routes) {
            String name = phase + (route.equals(Session.ONCE) ? "/once-" : "/stream-");
            cases.add(name + "close", MAX_POLLS, s -> leaves(s, route, role, Wire::close))
                    .add(name + "reset", MAX_POLLS, s -> leaves(s, route, role, Wire::reset))
                    .sentence(FREE + ". A client that half-closes its side counts as closed")
                    .add(name + "half-close", MAX_POLLS, s -> leavesHalf(s, route, role))
                    .sentence(FREE);
        }
    }

    private static Request request(Session s, String route, ModelRole role) {
        return s.post(route, s.story(role).with("maxTokens", "4000"))
                .without("Authorization")
                .key(s.key(KeyRole.CONCURRENT));
    }

    private static int running(Session s) throws IOException {
        JsonNode usage = s.send(Request.of("GET", "/v1/usage").key(s.key(KeyRole.CONCURRENT)))
                .json();
        JsonNode running = usage.path("generations").path("running");
        Expect.that(running.isInt(), "generations.running, a number", usage);
        return running.asInt();
    }

    private static void expectRunning(Session s, int count) throws IOException {
        boolean isSo = s.becomesTrue(() -> running(s) == count);
        Expect.that(isSo, "generations.running " + count, running(s));
    }

    private static void leavesHalf(Session s, String route, ModelRole role) throws IOException {
        if (s.target().tls().isPresent()) {
            throw NotRun.skip("the address is https");
        }
        leaves(s, route, role, Wire::halfClose);
    }

    private static void leaves(Session s, String route, ModelRole role, Leaving leaving) throws IOException {
        expectRunning(s, 0);
        try (Wire wire = s.open(request(s, route, role))) {
            if (route.equals(Session.STREAM)) {
                Expect.equal("status", 200, wire.head().status());
            }
            expectRunning(s, 1);
            s.transcript().note("the client leaves");
            leaving.leave(wire);
            expectRunning(s, 0);
        }
    }

    private static void inTheQueue(Session s, Leaving leaving) throws IOException {
        expectRunning(s, 0);
        try (Wire first = s.open(request(s, Session.STREAM, ModelRole.SINGLE))) {
            first.head();
            expectRunning(s, 1);
            try (Wire waiting = s.open(request(s, Session.STREAM, ModelRole.SINGLE))) {
                expectRunning(s, 2);
                s.transcript().note("the waiting client leaves");
                leaving.leave(waiting);
                expectRunning(s, 1);
            }
        }
        expectRunning(s, 0);
    }

    private static void countsRunning(Session s) throws IOException {
        expectRunning(s, 0);
        try (Wire one = s.open(request(s, Session.STREAM, ModelRole.SLOW));
                Wire two = s.open(request(s, Session.STREAM, ModelRole.SLOW))) {
            one.head();
            two.head();
            expectRunning(s, 2);
        }
        expectRunning(s, 0);
    }

    private static void freeAfterTheEnd(Session s) throws IOException {
        Streamed.of(s.send(request(s, Session.STREAM, ModelRole.SLOW)
                        .body(s.with(ModelRole.SLOW, s.small()).json().getBytes(StandardCharsets.UTF_8))))
                .finished();
        expectRunning(s, 0);
    }

    private static void freeAfterRefusal(Session s) throws IOException {
        Expect.status(400, s.send(request(s, Session.STREAM, ModelRole.SLOW).body(new byte[] {'{'})));
        expectRunning(s, 0);
    }
}
