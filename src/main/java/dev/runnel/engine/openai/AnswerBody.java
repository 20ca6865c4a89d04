package dev.runnel.engine.openai;

import dev.runnel.engine.HeldText;
import dev.runnel.text.FinishReason;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer with status 200. It should be a stream of events. One JSON object in its place, a whole answer,
 * is read as one event. Content codings that were not requested are decoded. For one thread.
 */
final class AnswerBody implements AutoCloseable {

    private static final int LONGEST_NAME = 64;

    private final DeltaReader deltas;
    private final SseReader events;
    private final BoundedBytes json;
    private final BufferMemory memory;
    private final String contentType;
    private final String coding;
    private final @Nullable ContentDecoder decoder;

    private enum Form {
        UNKNOWN,
        EVENTS,
        JSON
    }

    private Form form = Form.UNKNOWN;
    /** Whether the bytes are events as they are. */
    private boolean isPlain;

    /**
     * Reads nothing yet.
     *
     * @param maxEventBytes the most bytes of one event, and of a whole answer in JSON
     * @param account of what is held; closed with the body
     */
    AnswerBody(DeltaReader deltas, HttpClientResponse response, int maxEventBytes, HeldText account) {
        this.deltas = deltas;
        this.memory = new BufferMemory(account);
        this.events = new SseReader(deltas, maxEventBytes, memory);
        this.json = new BoundedBytes(maxEventBytes, memory);
        this.contentType = header(response, HttpHeaders.CONTENT_TYPE);
        this.coding = header(response, HttpHeaders.CONTENT_ENCODING);
        this.decoder = ContentDecoder.knows(coding) ? ContentDecoder.of(coding) : null;
    }

    private static String header(HttpClientResponse response, CharSequence name) {
        String value = Objects.requireNonNullElse(response.getHeader(name), "");
        return value.trim().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the next part of the body.
     *
     * @param bytes {@code null} for the end of the body
     * @return {@code null}, or the end of the request: the bytes are not of such a body, or there is no memory for
     *     them. Nothing may be read after that.
     */
    @Nullable
    UpstreamEnd next(byte @Nullable [] bytes, int from, int end) {
        try {
            if (bytes == null) {
                end();
            } else {
                feed(bytes, from, end);
            }
            return null;
        } catch (BadUpstreamException e) {
            return broken(Objects.requireNonNull(e.getMessage()));
        } catch (HeldTooMuchException e) {
            return UpstreamEnd.overMemory(e.failure());
        }
    }

    private void feed(byte[] bytes, int from, int end) {
        if (isPlain) {
            events.feed(bytes, from, end);
        } else if (decoder == null) {
            read(bytes, from, end);
            isPlain = form == Form.EVENTS;
        } else {
            decoder.decode(bytes, from, end, (decoded, length) -> read(decoded, 0, length));
        }
    }

    private void read(byte[] bytes, int from, int end) {
        int at = from;
        while (form == Form.UNKNOWN && at < end) {
            if (!isBlank(bytes[at])) {
                form = bytes[at] == '{' ? Form.JSON : Form.EVENTS;
            } else {
                at++;
            }
        }
        if (form == Form.JSON) {
            json.add(bytes, at, end);
        } else {
            events.feed(bytes, from, end);
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private void end() {
        if (form == Form.JSON) {
            form = Form.EVENTS;
            deltas.event(json.array(), 0, json.length(), false);
        }
    }

    /** The end that its finish reason means. */
    UpstreamEnd result() {
        String word = deltas.finish();
        if (word == null) {
            return broken("an end without a finish reason");
        }
        Optional<FinishReason> reason = FinishReasons.meaning(word);
        return reason.isPresent()
                ? new UpstreamEnd.Completed(called(reason.get()), doubt(word))
                : broken("a finish reason that means a failure");
    }

    /** Some servers say {@code stop} after calls of tools too. */
    private FinishReason called(FinishReason reason) {
        return reason == FinishReason.STOP && deltas.hasCalls() ? FinishReason.TOOL_CALLS : reason;
    }

    private String doubt(String word) {
        if (deltas.completionTokens() > 0 && deltas.tokens() == 0 && !deltas.hasProgress()) {
            return deltas.completionTokens() + " completion tokens without text: is `api` right?";
        }
        return FinishReasons.isUnknown(word)
                ? "finish reason " + Printable.word(word) + " is unknown and counts as stop"
                : "";
    }

    /** @param why for operators */
    UpstreamEnd broken(String why) {
        return UpstreamEnd.garbage(why + declared());
    }

    /** What operators should see beside a failure: the declared type and coding, if that is not a plain stream. */
    private String declared() {
        if (coding.isEmpty() && contentType.startsWith("text/event-stream")) {
            return "";
        }
        String type = contentType.isEmpty() ? "no content type" : "content type " + shown(contentType);
        return " (status 200, " + type + (coding.isEmpty() ? "" : ", content coding " + shown(coding)) + ")";
    }

    /** Control characters cannot be in a header; the length has no other limit. */
    private static String shown(String value) {
        return value.length() <= LONGEST_NAME ? value : value.substring(0, LONGEST_NAME) + "…";
    }

    /** Frees what is held. */
    @Override
    public void close() {
        events.close();
        json.free();
        memory.close();
        if (decoder != null) {
            decoder.close();
        }
    }
}
