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
import dev.runnel.http.request.JsonBody;
import dev.runnel.text.Quote;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of an OpenAI-compatible route as a stream of tokens: nothing is built for what is skipped. Or refuses
 * it with its first fault.
 */
public final class OpenAiBody {

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

    private OpenAiBody() {}

    /** Reads the members of a body. */
    @FunctionalInterface
    public interface Members<T> {

        /** The reader is at the start of the object; afterwards it must be at its end. */
        T read(MemberReader value) throws IOException;
    }

    /**
     * Reads a body.
     *
     * @throws RefusedException with status 400 and a message that names the member and its rule
     */
    public static <T> T read(Buffer body, Members<T> members) {
        return JsonBody.read(JSON, body, (json, text) -> read(json, text, members));
    }

    private static <T> T read(JsonParser json, CharSequence text, Members<T> members) throws IOException {
        try {
            return members.read(new MemberReader(json, text));
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
