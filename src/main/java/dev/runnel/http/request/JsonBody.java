package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a body that is one JSON object in UTF-8, or refuses it with status 400. */
public final class JsonBody {

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private JsonBody() {}

    /** Reads the members of an object. */
    @FunctionalInterface
    public interface Members<T> {

        /**
         * Reads them.
         *
         * @param json after the start of the object; must be at its end afterwards
         * @param text the whole body, for values that are passed on as they came
         */
        T read(JsonParser json, CharSequence text) throws IOException;
    }

    /**
     * Reads a body.
     *
     * @throws RefusedException with a message that gives only the place of a fault: the parser's own quotes the body
     */
    public static <T> T read(JsonFactory factory, Buffer body, Members<T> members) {
        CharBuffer text = decoded(body);
        try (JsonParser json = factory.createParser(text.array(), text.arrayOffset(), text.length())) {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw refused("empty");
            }
            if (first != JsonToken.START_OBJECT) {
                throw refused(first == JsonToken.START_ARRAY ? "an array" : "not an object");
            }
            T read = members.read(json, text);
            if (json.nextToken() != null) {
                throw refused("content after the object");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw notJson(e.getLocation());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Strictly: no replacement characters, no guessing of UTF-16, no byte-order mark (RFC 8259, section 8.1). */
    private static CharBuffer decoded(Buffer body) {
        CharBuffer text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body.getBytes()));
        } catch (CharacterCodingException e) {
            throw refused("not UTF-8");
        }
        if (text.length() > 0 && text.charAt(0) == BYTE_ORDER_MARK) {
            throw refused("starts with a byte-order mark");
        }
        return text;
    }

    private static RefusedException notJson(@Nullable JsonLocation place) {
        String where = place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
        return refused("not valid JSON" + where);
    }

    private static RefusedException refused(String problem) {
        return new RefusedException(
                ErrorResponse.invalid(null, "body: " + problem + " (expected: one JSON object in UTF-8)"));
    }
}
