package dev.runnel.conformance.session;

import java.io.IOException;
import java.util.Set;

/**
 * One check of one sentence of the contract.
 *
 * @param id a name that never changes, such as {@code resume/cursor/inside-code-point}
 * @param sentence the sentence of the contract
 * @param needs what the server or the run must have
 * @param requests the most requests that it sends
 */
public record Case(String id, String sentence, Set<Need> needs, int requests, Check check) {

    public Case {
        needs = Set.copyOf(needs);
    }

    /** What a case does. It returns if the server keeps the sentence. */
    @FunctionalInterface
    public interface Check {

        /**
         * Sends requests and looks at the answers.
         *
         * @throws dev.runnel.conformance.wire.Unmet where the server breaks the sentence
         * @throws NotRun where the case cannot judge
         */
        void run(Session session) throws IOException;
    }

    /** The first part of the id. */
    public String group() {
        return id.substring(0, id.indexOf('/'));
    }
}
