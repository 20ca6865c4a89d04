package dev.runnel.conformance;

import dev.runnel.conformance.session.Case;
import dev.runnel.conformance.session.Need;
import dev.runnel.conformance.session.NotRun;
import dev.runnel.conformance.session.Probes;
import dev.runnel.conformance.session.Result;
import dev.runnel.conformance.session.Session;
import dev.runnel.conformance.session.Verdict;
import dev.runnel.conformance.wire.AnnouncedCloseException;
import dev.runnel.conformance.wire.Unmet;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs cases one after another against one server. */
public final class Suite {

    private static final int MAX_REASON = 400;

    private final Session session;
    private final Probes probes;

    public Suite(Session session) {
        this.session = session;
        this.probes = new Probes(session);
    }

    /** The most requests that these cases send, with the questions for what the server can do. */
    public static int mostRequests(List<Case> cases) {
        return cases.stream().mapToInt(Case::requests).sum() + Probes.MAX_REQUESTS;
    }

    /** Runs one case. It never throws: each fault is a result. */
    public Result run(Case one) {
        session.transcript().clear();
        long start = System.nanoTime();
        Judgement judgement = judge(one);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        boolean isFailed = judgement.verdict() == Verdict.FAIL;
        return new Result(
                one,
                judgement.verdict(),
                cut(session.transcript().hidden(judgement.reason())),
                isFailed ? session.transcript().lines() : List.of(),
                time);
    }

    /** After keys were hidden: a part of a key could not be found. */
    private static String cut(String reason) {
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
    }

    private record Judgement(Verdict verdict, String reason) {}

    private Judgement judge(Case one) {
        try {
            Optional<String> missing = firstMissing(one);
            if (missing.isPresent()) {
                return new Judgement(Verdict.SKIP, missing.get());
            }
            session.transcript().clear();
            return checked(one);
        } catch (NotRun notRun) {
            return new Judgement(notRun.verdict(), String.valueOf(notRun.getMessage()));
        } catch (Unmet unmet) {
            return new Judgement(Verdict.FAIL, String.valueOf(unmet.getMessage()));
        } catch (SocketTimeoutException late) {
            return new Judgement(
                    Verdict.FAIL,
                    "no complete answer within " + session.target().timeout().toMillis() + " ms");
        } catch (AnnouncedCloseException closed) {
            return new Judgement(Verdict.INFORM, String.valueOf(closed.getMessage()));
        } catch (IOException broken) {
            return new Judgement(Verdict.FAIL, "the connection failed: " + broken.getMessage());
        } catch (RuntimeException fault) {
            return new Judgement(Verdict.FAIL, "the answer could not be read: " + fault);
        }
    }

    private Judgement checked(Case one) throws IOException {
        int before = session.requests();
        one.check().run(session);
        int sent = session.requests() - before;
        if (sent > one.requests()) {
            throw new IllegalStateException("sent " + sent + " requests (expected: at most " + one.requests() + ")");
        }
        return new Judgement(Verdict.PASS, "");
    }

    private Optional<String> firstMissing(Case one) throws IOException {
        for (Need need : Need.values()) {
            if (one.needs().contains(need)) {
                Optional<String> missing = probes.missing(need);
                if (missing.isPresent()) {
                    return missing;
                }
            }
        }
        return Optional.empty();
    }
}
