package dev.runnel.http.openai;

import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Parses the body of an OpenAI-compatible route, or refuses it with its first fault. Unknown members are skipped,
 * {@code null} is the same as absent. What would make the answer mean something else is refused with a code.
 */
public final class OpenAiParser {

    private final Family family;

    /** @param family of the route, not that of {@code /v1/generate} */
    public OpenAiParser(Family family) {
        this.family = family;
    }

    /**
     * Parses and validates a body.
     *
     * @throws RefusedException with status 400 and a message that names the member and its rule
     */
    public GenerateRequest parse(Buffer body) {
        return OpenAiBody.read(body, this::members);
    }

    private GenerateRequest members(MemberReader value) throws IOException {
        OpenAiDraft draft = new OpenAiDraft(family, value);
        value.members(draft::read);
        return draft.finished();
    }
}
