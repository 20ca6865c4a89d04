package dev.runnel.conformance.session;

import java.util.Locale;

/** The outcome of a case. */
public enum Verdict {
    /** The server keeps the sentence. */
    PASS,
    /** The server breaks the sentence. */
    FAIL,
    /** The server lacks what the case needs, or the run was not given it. */
    SKIP,
    /** The contract leaves it open; the result says what the server does. */
    INFORM;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
