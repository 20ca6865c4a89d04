package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.JsonBody;
import dev.runnel.text.Quote;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parses the body of an OpenAI-compatible route, or refuses it with its first fault. Unknown members are skipped,
 * {@code null} is the same as absent. What would make the answer mean something else is refused with a code. The body
 * is read as a stream of tokens: nothing is built for what is skipped.
 */
public final class OpenAiParser {

    private static final int MAX_DEPTH = 64;

    /** Clients choose the names, so none is kept longer than its request. Longer names are in no table. */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(1000)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

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
        return JsonBody.read(JSON, body, this::members);
    }

    private GenerateRequest members(JsonParser json, CharSequence text) throws IOException {
        try {
            MemberReader value = new MemberReader(json, text);
            OpenAiDraft draft = new OpenAiDraft(family, value);
            value.members(draft::read);
            return draft.finished();
        } catch (StreamConstraintsException e) {
            throw refused(
                    null,
                    "body: nested too deeply, or a number is too long (expected: at most " + MAX_DEPTH
                            + " levels, and 1000 digits)");
        } catch (JsonParseException e) {
            // Only the text of the exception says which fault it is.
            if (Objects.requireNonNullElse(e.getOriginalMessage(), "").startsWith("Duplicate field")) {
                throw givenTwice(json);
            }
            throw e;
        }
    }

    private static RefusedException givenTwice(JsonParser json) {
        String name =
                Quote.cut(Objects.requireNonNullElse(json.getParsingContext().getCurrentName(), ""));
        boolean isOfBody = json.getParsingContext().getParent().inRoot();
        return refused(isOfBody ? name : null, name + ": given twice in one object (expected: once)");
    }

    private static RefusedException refused(@Nullable String param, String message) {
        return new RefusedException(ErrorResponse.invalid(param, message));
    }
}
