package dev.runnel.conformance.session;

/** Ends a case without a judgement of the server. */
public final class NotRun extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Verdict verdict;

    private NotRun(Verdict verdict, String reason) {
        super(reason, null, false, false);
        this.verdict = verdict;
    }

    /** The server says or shows that it lacks what the case needs. */
    public static NotRun skip(String reason) {
        return new NotRun(Verdict.SKIP, reason);
    }

    /** The contract leaves this open; the reason says what the server does. */
    public static NotRun inform(String reason) {
        return new NotRun(Verdict.INFORM, reason);
    }

    public Verdict verdict() {
        return verdict;
    }
}
