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
    UNBOUNDED_QUEUE("limit/queue/is-bounded"),
    CHAT_WITHOUT_LOGPROBS("chat/whole/members"),
    CHAT_TOTAL_IS_WRONG("chat/whole/usage-adds-up"),
    CHAT_ID_OF_ITS_OWN("chat/whole/id-of-the-header"),
    CHAT_REFUSES_UNKNOWN("chat/request/unknown-members-are-ignored"),
    CHAT_REFUSES_TOOLS("chat/request/tools-may-be-offered"),
    CHAT_REFUSES_NULL("chat/request/null-is-absent"),
    CHAT_ERROR_WITHOUT_CODE("chat/refusal/has-four-members"),
    CHAT_REFUSAL_IS_AN_EVENT("chat/refusal/of-a-stream-is-json"),
    CHAT_ANSWERS_ANOTHER_MEANING("chat/refusal/of-another-meaning"),
    CHAT_CREATED_CHANGES("chat/stream/heads-are-equal"),
    CHAT_ROLE_TWICE("chat/stream/role-first-and-once"),
    CHAT_EMPTY_TEXT("chat/stream/text-is-not-empty"),
    CHAT_TEXT_IN_FINISH("chat/stream/one-finish"),
    CHAT_USAGE_UNASKED("chat/stream/no-usage-unasked"),
    CHAT_USAGE_MISSING("chat/stream/usage-where-asked"),
    CHAT_WITHOUT_DONE("chat/stream/done-last"),
    CHAT_ERROR_WITHOUT_NAME("chat/stream/error-is-a-named-event");

    private final String caseId;

    Fault(String caseId) {
        this.caseId = caseId;
    }

    /** The case that fails because of it. */
    String caseId() {
        return caseId;
    }
}
