package dev.runnel.conformance;

/** What a {@link ReferenceServer} does wrong, and the case that finds it. */
enum Fault {
    NONE(""),
    EVENT_AFTER_THE_END("stream/text/nothing-follows"),
    SPLIT_CODE_POINT("stream/unicode/whole-code-points"),
    LOST_DELTA("stream/text/sum"),
    REPEATED_DELTA("stream/text/sum"),
    DOUBLE_DONE("stream/text/done-once"),
    DONE_AFTER_ERROR("failure/in-the-text/no-done"),
    SUCCESS_AFTER_DEAD_ENGINE("failure/in-the-text/ends-with-error"),
    TEXT_IS_NOT_THE_SUM("stream/text/sum"),
    SLOT_NOT_FREED("cancel/between-tokens/stream-close"),
    SECOND_GENERATION("resume/key/stream-then-stream"),
    CURSOR_OFF_BY_ONE("resume/cursor/get/every-boundary"),
    CURSOR_IN_ESCAPED_BYTES("resume/cursor/counts-bytes"),
    TEXT_OF_ANOTHER_CALLER("resume/caller/other-cannot-attach"),
    KEY_KEPT_BY_FAILURE("resume/key/failure-releases"),
    UNBOUNDED_QUEUE("limit/queue/is-bounded");

    private final String caseId;

    Fault(String caseId) {
        this.caseId = caseId;
    }

    /** The case that fails because of it. */
    String caseId() {
        return caseId;
    }
}
