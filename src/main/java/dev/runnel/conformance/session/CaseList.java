package dev.runnel.conformance.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Collects the cases of one part of the contract. */
public final class CaseList {

    private final String prefix;
    private final List<Case> cases = new ArrayList<>();
    private Set<Need> needs = Set.of();
    private String sentence = "";

    private CaseList(String prefix) {
        this.prefix = prefix;
    }

    /**
     * An empty list.
     *
     * @param prefix the first parts of the ids, without the last slash
     */
    public static CaseList of(String prefix) {
        return new CaseList(prefix);
    }

    /** Sets what all following cases need. */
    public CaseList needs(Need... following) {
        needs = Set.of(following);
        return this;
    }

    /** Sets the sentence of all following cases. */
    public CaseList sentence(String following) {
        sentence = following;
        return this;
    }

    /**
     * Adds a case.
     *
     * @param requests the most requests that it sends
     */
    public CaseList add(String name, int requests, Case.Check check) {
        cases.add(new Case(prefix + "/" + name, sentence, needs, requests, check));
        return this;
    }

    public List<Case> cases() {
        return List.copyOf(cases);
    }
}
