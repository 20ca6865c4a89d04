package dev.runnel.http.openai;

import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.PassThrough;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Parses the body of an OpenAI-compatible route, or refuses it with its first fault. Unknown members are skipped,
 * {@code null} is the same as absent. What would make the answer mean something else is refused with a code.
 */
public final class OpenAiParser {

    private final Family family;
    private final Supplier<PassThrough> passThrough;

    /**
     * Makes the parser of one route.
     *
     * @param family of the route, not that of {@code /v1/generate}
     * @param passThrough the names of the members that models pass on
     */
    public OpenAiParser(Family family, Supplier<PassThrough> passThrough) {
        this.family = family;
        this.passThrough = passThrough;
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
        OpenAiDraft draft = new OpenAiDraft(family, value, passThrough.get());
        value.members(draft::read);
        return draft.finished();
    }
}
