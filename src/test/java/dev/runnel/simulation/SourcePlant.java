package dev.runnel.simulation;

import java.util.List;

/** A bug that is planted in the source of the service: a text in a file is replaced by another one. */
enum SourcePlant implements SourceBug {
    /** A client leaves before its generation is accepted, and its idempotency key stays claimed. */
    CLAIM_KEPT(
            "http/ResumableSubmission",
            ".onFailure(refused -> kept.release(claim));",
            ".onFailure(refused -> { if (!valid.context().response().closed()) { kept.release(claim); } });"),
    /** The key of a request that was refused stays claimed. */
    CLAIM_OF_REFUSAL_KEPT("http/ResumableSubmission", ".onFailure(refused -> kept.release(claim));", ";"),
    /** A second request with a key starts a generation while the first one is not answered. */
    SECOND_GENERATION(
            "resume/KeptGenerations",
            "if (claim == null) {\n            return",
            "if (claim == null || claim.isPending) {\n            return"),
    /** A request that waits for an earlier one with its key does not learn the answer. */
    WAITING_NOT_WOKEN("resume/KeptGenerations", "= List.copyOf(claim.waiting);", "= List.of();"),
    /** A generation runs on after its last reader has left. */
    NO_GRACE_TIMER(
            "resume/GuardedGeneration",
            "startGrace();\n        }\n        releaseUnread();",
            "}\n        releaseUnread();"),
    /** The grace time passes although a reader has come back. */
    GRACE_TIMER_RUNS_ON("resume/GuardedGeneration", "readers++;\n            stopGrace();", "readers++;"),
    /** A reader that has left still counts. */
    READER_KEPT("resume/KeptGenerations", "kept.readers -= count;", ""),
    /** A reader on another lane leaves, and the guardian does not learn it. */
    LOST_DETACHMENT("resume/Guardian", "}\n        calls.detach(kept, number);", "}"),
    /** A reader on another lane does not get the end. */
    LOST_END(
            "resume/GuardedGeneration",
            "here.ended(how);\n        List.copyOf(elsewhere.values()).forEach(there -> there.serve(sequence));",
            "here.ended(how);"),
    /** A reader on another lane that comes after the end does not get it. */
    LOST_LATE_END("resume/GuardedGeneration", "there.serve(sequence);\n        }", "}"),
    /** A reader on the guardian's lane that comes after the end does not get it. */
    NO_END_FOR_LATE_READER("resume/GuardedGeneration", "kept.outcome().ifPresent(reader::ended);", ""),
    /** The cursor of an event is one too high. */
    CURSOR_OFF_BY_ONE("http/stream/CursorLine", "reader.utf8End();", "reader.utf8End() + 1;"),
    /** A client that comes back gets the byte before its cursor again. */
    PLACE_OFF_BY_ONE("http/Readers", "escapedPosition(cursor);", "escapedPosition(Math.max(0, cursor - 1));"),
    /** A client that comes back gets all text again. */
    CURSOR_IGNORED("http/stream/UnsentAnswer", "startAt(resumed.escapedPosition(),", "startAt(0,"),
    /** The idempotency key of a failed generation still stands for it. */
    KEY_KEPT_BY_FAILURE("resume/KeptGenerations", "if (how.failed()) {", "if (how.failed() && kept.isUnwanted) {"),
    /** A text is dropped after the retention time, although a client reads it. */
    DROPPED_WHILE_READ(
            "resume/KeptTexts",
            "if (kept.readers == 0) {\n                due.add",
            "if (kept.readers >= 0) {\n                due.add"),
    /** A text is kept for ever. */
    NOT_FORGOTTEN(
            "resume/KeptTexts",
            "for (KeptGeneration kept : List.copyOf(due(nowNanos)))",
            "for (KeptGeneration kept : List.<KeptGeneration>of())"),
    /** The memory of a text is not given back. */
    MEMORY_KEPT(
            "resume/GuardedGeneration",
            "memory.close();\n        }\n    }\n\n    /** Attaches a",
            "}\n    }\n\n    /** Attaches a"),
    /** A permit is given back by the end of a generation and by its account. */
    SETTLED_BY_END_AND_ACCOUNT(List.of(
            new Edit("limit/Permit", "if (first) {", "if (first || usedTokens > 0) {"),
            new Edit(
                    "http/Settlements",
                    ".onSuccess(ended -> usage.tryComplete(ended.usage().totalTokens()))",
                    ".onSuccess(ended -> { if (!usage.tryComplete(ended.usage().totalTokens())) {"
                            + " permit.settle(ended.usage().totalTokens()); } })"))),
    /** A resumable generation goes on after its key was revoked. */
    RESUMABLE_IGNORES_REVOCATION(
            "http/Submission",
            "client::submitResumable, generation -> generation.cancel(Cancel.Cause.DELETED));",
            "client::submitResumable, generation -> {});"),
    /** A client that reads nothing is not disconnected. */
    NO_EVICTION(
            "http/stream/StallDetector",
            "if (!lagging) {\n            return Stall.NONE;",
            "if (!lagging || movedAtNanos != 0) {\n            return Stall.NONE;");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of, which the check does not see
    private final List<Edit> edits;

    SourcePlant(String file, String before, String after) {
        this(List.of(new Edit(file, before, after)));
    }

    SourcePlant(List<Edit> edits) {
        this.edits = edits;
    }

    @Override
    public int nodes() {
        return 1;
    }

    @Override
    public List<Edit> edits() {
        return edits;
    }
}
