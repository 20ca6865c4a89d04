package dev.runnel.http.openai;

import dev.runnel.http.error.RefusedException;
import dev.runnel.message.Finished;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Parts;
import dev.runnel.text.Transcript;
import dev.runnel.text.Usage;
import io.vertx.core.buffer.Buffer;

/** An answer that is sent at once. */
public final class WholeAnswer {

    /** More than an answer needs besides the text, in bytes. */
    private static final int MEMBERS_BYTES = 512;

    private WholeAnswer() {}

    /**
     * The answer of a generation that has ended.
     *
     * @param parts what is not text, from the first part on
     * @throws RefusedException for a generation that was cancelled by name: its text is not an answer
     */
    public static Buffer of(AnswerHead head, Transcript transcript, Parts.Reader parts, Finished finished) {
        if (finished.finishReason() == FinishReason.CANCELLED) {
            throw new RefusedException(OpenAiFailure.cancelled());
        }
        AnswerShape shape = head.shape();
        MessageParts message = MessageParts.of(parts);
        String members = message.members();
        Buffer answer = Buffer.buffer(MEMBERS_BYTES + transcript.length() + members.length());
        answer.appendString(head.whole() + shape.beforeText());
        if (transcript.length() == 0 && message.hasCalls()) {
            answer.appendString("null");
        } else {
            answer.appendString("\"");
            transcript.copyTo(answer::appendBytes);
            answer.appendString("\"");
        }
        return answer.appendString(shape.afterText() + members + shape.end() + ",\"logprobs\":null,\"finish_reason\":\""
                + AnswerShape.word(finished.finishReason()) + "\"}],\"usage\":" + usage(finished.usage()) + "}");
    }

    /** {@code {"prompt_tokens":…}}; the member {@code estimated} is present only where it is true. */
    static String usage(Usage usage) {
        return "{\"prompt_tokens\":" + usage.promptTokens() + ",\"completion_tokens\":" + usage.completionTokens()
                + ",\"total_tokens\":" + usage.totalTokens() + (usage.estimated() ? ",\"estimated\":true" : "") + "}";
    }
}
