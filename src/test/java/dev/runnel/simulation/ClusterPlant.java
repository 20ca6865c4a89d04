package dev.runnel.simulation;

import java.util.List;

/** A bug that is planted in the source of the service, and that several nodes show. */
enum ClusterPlant implements SourceBug {
    /** The readers of a guardian have more of the text than it goes on with. */
    GUARDIAN_BEHIND_ITS_READERS(List.of(
            new Edit(
                    "client/Guard",
                    "private boolean hasParts;",
                    "private boolean hasParts;\n    private @Nullable Delta behind;"),
            new Edit(
                    "client/Guard",
                    "text.append(delta);",
                    "Delta earlier = behind; behind = delta; if (earlier != null) { text.append(earlier); }"))),
    /** A key stands for nothing after the death of the node that has claimed it. */
    CLAIM_LOST_WITH_ITS_NODE(
            "cluster/KeyStep", "isMember.test(known.node())) || mayBeKept(known));", "isMember.test(known.node())));"),
    /** Another generator starts the text again. */
    CONTINUED_WITHOUT_ITS_TEXT(
            "client/Guard", "guarded().nextSequence(), copy.get());", "guarded().nextSequence(), TextSoFar.NONE);"),
    /** A continuation does not subtract the tokens that were spent. */
    SPENT_TOKENS_FORGOTTEN(
            "client/TextSoFarBuilder", "TokenIds.of(ids, idCount), tokens);", "TokenIds.of(ids, idCount), 0);"),
    /** The consumer of a generator whose node is gone waits for it. */
    NO_CONTINUATION("client/NodeWatch", "generations.forEachKnown(generation -> generation.gone(generators));", ""),
    /** A generator does not notice that the node of its consumer has left. */
    CONSUMER_NOT_MISSED(
            "generator/Recipient", "if (!node.equals(gone)) {", "if (!node.equals(gone) || isElsewhere()) {"),
    /** A new guardian gets the generation without its text. */
    COPY_NOT_HANDED_OVER(
            "generator/KeptRuns",
            "new Continuation(id, epoch, sequence, text.snapshot())",
            "new Continuation(id, epoch, sequence, TextSoFar.NONE)"),
    /** The text that a generator keeps for another guardian lacks pieces. */
    COPY_WITH_GAPS(
            "generator/Recipient", "run.append(message);", "if (message.sequence() % 7 != 3) { run.append(message); }"),
    /** An end that waits for its consumer is not published when the consumer's node dies. */
    END_LOST_WITH_ITS_CONSUMER("generator/WithheldEnds", "decide(end.getKey(), end.getValue());", ""),
    /** A permit is given back by the end of a generation and by its account. */
    SETTLED_TWICE(SourcePlant.SETTLED_BY_END_AND_ACCOUNT.edits());

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of, which the check does not see
    private final List<Edit> edits;

    ClusterPlant(String file, String before, String after) {
        this(List.of(new Edit(file, before, after)));
    }

    ClusterPlant(List<Edit> edits) {
        this.edits = edits;
    }

    @Override
    public int nodes() {
        return 3;
    }

    @Override
    public List<Edit> edits() {
        return edits;
    }
}
