package dev.runnel.conformance;

import dev.runnel.conformance.group.AllCases;
import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.session.Verdict;
import dev.runnel.conformance.wire.Answer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The command: lists the cases, or runs them and shows the results. */
public final class Conformance {

    /** Something failed. */
    public static final int FAILED = 1;

    /** Wrong usage, or no server that answers to the key. */
    public static final int UNUSABLE = 2;

    private final PrintStream out;
    private final PrintStream err;

    public Conformance(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Prints each case with its sentence. Returns the exit status. */
    public int list(Selection selection) {
        List<Case> cases = selection.of(AllCases.list());
        cases.forEach(one -> out.println(one.id() + "\t" + one.sentence()));
        return cases.isEmpty() ? unusable("no case has such a name") : 0;
    }

    /** Runs the selected cases. Returns the exit status. */
    public int run(Options options) {
        List<Case> cases = options.selection().of(AllCases.list());
        if (cases.isEmpty()) {
            return unusable("no case has such a name (see --list)");
        }
        Session session = new Session(options.setup());
        String problem = problem(session);
        if (!problem.isEmpty()) {
            return unusable(problem);
        }
        List<Result> results = results(options, cases, session);
        try {
            if (options.report().isPresent()) {
                Files.writeString(options.report().get(), JUnitReport.of(results));
            }
        } catch (IOException e) {
            return unusable("--report: " + e);
        }
        boolean isFailed = results.stream().anyMatch(result -> result.verdict() == Verdict.FAIL);
        return isFailed ? FAILED : 0;
    }

    private List<Result> results(Options options, List<Case> cases, Session session) {
        Suite suite = new Suite(session);
        List<Result> results = new ArrayList<>();
        TapReport tap = new TapReport(out);
        if (!options.isJson()) {
            tap.start(options.setup().target().base(), cases);
        }
        for (Case one : cases) {
            Result result = suite.run(one);
            results.add(result);
            if (!options.isJson()) {
                tap.result(results.size(), result);
            }
        }
        if (options.isJson()) {
            out.println(JsonReport.of(results, session.requests()));
        } else {
            tap.end(results, session.requests());
        }
        return results;
    }

    /** Why the server cannot be tested; empty if it can. */
    private static String problem(Session session) {
        try {
            Answer answer = session.send(session.get("/v1/models"));
            return answer.status() == 200
                    ? ""
                    : "GET /v1/models: status " + answer.status() + " (expected: 200 for the key of --key)";
        } catch (IOException | RuntimeException e) {
            return session.target().base() + ": no answer (" + e.getMessage() + ")";
        }
    }

    private int unusable(String problem) {
        err.println(problem);
        return UNUSABLE;
    }
}
