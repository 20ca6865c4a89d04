package dev.runnel.conformance.group;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.CaseList;
import dev.runnel.conformance.session.Expect;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.wire.Head;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Clients that read slowly, and streams that are silent. */
final class SlowCases {

    private static final String FOLDED = "While a client's socket is full, deltas are folded: its next event carries"
            + " everything it missed in one delta";
    private static final int SMALL_BUFFER = 2048;
    private static final int PAUSE_MILLIS = 1000;
    private static final int HEARTBEAT_MILLIS = 20_000;

    private SlowCases() {}

    static List<Case> cases() {
        return CaseList.of("slow")
                .needs(Need.SLOW)
                .sentence(FOLDED)
                .add("reader/gets-the-whole-text", 1, s -> StreamRules.textIsTheSum(paused(s)))
                .add("reader/one-terminal-event", 1, s -> StreamRules.oneTerminalEvent(paused(s)))
                .add("reader/whole-code-points", 1, s -> StreamRules.wholeCodePoints(paused(s)))
                .add("reader/kinds-of-lines", 1, s -> StreamRules.onlyPermittedLines(paused(s)))
                .sentence("A client that reads nothing …; others are not affected")
                .add("reader/others-go-on", 2, SlowCases::othersGoOn)
                .needs(Need.SILENT, Need.LOAD)
                .sentence("A silent stream sends the line : ping every 15 s (configurable, 0 = off);"
                        + " no blank line after it")
                .add("heartbeat/is-a-comment", 1, SlowCases::heartbeatIsComment)
                .cases();
    }

    /** Reads nothing for a second, with a small buffer; then reads to the end. */
    private static Streamed paused(Session s) throws IOException {
        return s.keep("paused stream", Streamed.class, () -> {
            s.count();
            try (Wire wire = Wire.open(s.target(), s.transcript(), SMALL_BUFFER)) {
                wire.send(s.post(Session.STREAM, s.story(ModelRole.SLOW).with("maxTokens", "100")));
                Head head = wire.head();
                pause(s);
                return Streamed.of(wire.rest(head)).finished();
            }
        });
    }

    private static void pause(Session s) throws IOException {
        long end = System.nanoTime() + PAUSE_MILLIS * 1_000_000L;
        s.becomesTrue(() -> System.nanoTime() > end);
    }

    private static void othersGoOn(Session s) throws IOException {
        s.count();
        try (Wire idle = Wire.open(s.target(), s.transcript(), SMALL_BUFFER)) {
            idle.send(s.post(Session.STREAM, s.story(ModelRole.SLOW).with("maxTokens", "2000")));
            idle.head();
            Streamed.of(s.send(s.post(Session.STREAM, s.small()))).finished();
        }
    }

    private static void heartbeatIsComment(Session s) throws IOException {
        try (Wire wire = s.open(s.post(Session.STREAM, s.story(ModelRole.SILENT)))) {
            wire.head();
            int waitMillis = (int) Math.min(s.target().timeout().toMillis(), HEARTBEAT_MILLIS);
            if (!wire.isReadyWithin(waitMillis)) {
                throw NotRun.skip("no byte within the timeout (--timeout 30s)");
            }
            String line = new String(wire.part().orElseThrow(), StandardCharsets.UTF_8);
            Expect.equal("the line", ": ping\n", line);
        }
    }
}
