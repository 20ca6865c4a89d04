package dev.runnel.http.responses;

import dev.runnel.http.error.RefusedException;
import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.openai.OpenAiBody;
import dev.runnel.http.request.PassThrough;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Parses the body of {@code /v1/responses}, or refuses it with its first fault. Unknown members are skipped, {@code
 * null} is the same as absent. What would make the answer mean something else is refused with a code.
 */
public final class ResponsesParser {

    private final Duration retention;
    private final Supplier<PassThrough> passThrough;

    /**
     * Makes the parser.
     *
     * @param retention how long a background response is kept after its end
     * @param passThrough the names of the members that models pass on
     */
    public ResponsesParser(Duration retention, Supplier<PassThrough> passThrough) {
        this.retention = retention;
        this.passThrough = passThrough;
    }

    /**
     * Parses and validates a body.
     *
     * @throws RefusedException with status 400 and a message that names the member and its rule
     */
    public ResponsesRequest parse(Buffer body) {
        return OpenAiBody.read(body, this::members);
    }

    private ResponsesRequest members(MemberReader value) throws IOException {
        ResponsesDraft draft = new ResponsesDraft(value, retention, passThrough.get());
        value.members(draft::read);
        return draft.finished();
    }
}
