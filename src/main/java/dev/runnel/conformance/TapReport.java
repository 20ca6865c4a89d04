package dev.runnel.conformance;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Verdict;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;

/** Writes results as they come, in the form of the Test Anything Protocol, version 14. */
final class TapReport {

    private final PrintStream out;

    TapReport(PrintStream out) {
        this.out = out;
    }

    void start(URI server, List<Case> cases) {
        out.println("TAP version 14");
        out.println("# " + server + " gets at most " + Suite.mostRequests(cases) + " requests");
        out.println("1.." + cases.size());
    }

    void result(int number, Result result) {
        String mark = result.verdict() == Verdict.FAIL ? "not ok" : "ok";
        out.println(mark + " " + number + " - " + result.of().id() + directive(result));
        if (result.verdict() == Verdict.FAIL) {
            diagnostics(result);
        }
    }

    /** A case that the contract leaves open is a TODO: TAP has no closer word. */
    private static String directive(Result result) {
        return switch (result.verdict()) {
            case PASS, FAIL -> "";
            case SKIP -> " # SKIP " + oneLine(result.reason());
            case INFORM -> " # TODO left open: " + oneLine(result.reason());
        };
    }

    private void diagnostics(Result result) {
        out.println("  ---");
        out.println("  sentence: " + oneLine(result.of().sentence()));
        out.println("  reason: " + oneLine(result.reason()));
        out.println("  exchange: |");
        result.transcript().forEach(line -> out.println("    " + line));
        out.println("  ...");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    void end(List<Result> results, int requests) {
        out.println("# " + Counts.of(results) + "; " + requests + " requests");
        out.flush();
    }
}
