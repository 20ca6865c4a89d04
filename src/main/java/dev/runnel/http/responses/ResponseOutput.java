package dev.runnel.http.responses;

import dev.runnel.resume.KeptTurn;
import dev.runnel.text.Parts;
import dev.runnel.text.SharedText;
import dev.runnel.text.Transcript;
import dev.runnel.text.Turn;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What a response has given so far: a message with its text, and calls of tools. An item's place is that of its first
 * event, so the message stands after the calls that precede the text.
 */
public final class ResponseOutput {

    private static final String GENERATION = "gen_";

    private final String messageId;
    private final Transcript text;
    private final FunctionCalls calls;

    ResponseOutput(String suffix, Transcript text, FunctionCalls calls) {
        this.messageId = "msg_" + suffix;
        this.text = text;
        this.calls = calls;
    }

    /**
     * The output of a generation.
     *
     * @param id of the generation
     * @param parts what is not text, from the first part on
     */
    public static ResponseOutput of(String id, Transcript text, Parts.Reader parts) {
        String suffix = suffix(id);
        return new ResponseOutput(suffix, text, FunctionCalls.of(suffix, parts));
    }

    /**
     * The output as a turn of the conversation.
     *
     * @param id of the generation
     * @return empty without a text and calls
     */
    public static Optional<KeptTurn> turn(String id, SharedText text) {
        String answer = text.decoded();
        FunctionCalls calls = FunctionCalls.of(suffix(id), text.parts());
        if (answer.isEmpty() && calls.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new KeptTurn(
                new Turn(Turn.Role.ASSISTANT, answer), calls.isEmpty() ? "" : "\"tool_calls\":" + calls.ofChat()));
    }

    /** What the ids of the items of a response end with. */
    static String suffix(String id) {
        return id.startsWith(GENERATION) ? id.substring(GENERATION.length()) : id;
    }

    Transcript text() {
        return text;
    }

    FunctionCalls calls() {
        return calls;
    }

    boolean isEmpty() {
        return text.length() == 0 && calls.isEmpty();
    }

    boolean hasText() {
        return text.length() > 0;
    }

    /** The id of its message. */
    String messageId() {
        return messageId;
    }

    /** The place of its message among the items. */
    int messageIndex() {
        return calls.beforeText();
    }

    /** The escaped text and the arguments of all calls, in bytes or characters. */
    int length() {
        return text.length() + calls.length();
    }

    /** Adds the items, with commas between them. An answer that ended without any has an empty message. */
    void addItems(Buffer event, ResponseStatus status) {
        boolean hasMessage = hasText() || (calls.isEmpty() && status.phase() == ResponseStatus.Phase.ENDED);
        String separator = "";
        int place = 0;
        for (FunctionCall call : calls.all()) {
            if (hasMessage && place == messageIndex()) {
                event.appendString(separator);
                addMessage(event, status.itemWord());
                separator = ",";
            }
            event.appendString(separator + call.item(status.itemWord()));
            separator = ",";
            place++;
        }
        if (hasMessage && place == messageIndex()) {
            event.appendString(separator);
            addMessage(event, status.itemWord());
        }
    }

    void addMessage(Buffer event, String status) {
        event.appendString(messageHead(status));
        addPart(event);
        event.appendString("]}");
    }

    /** The message before its text. */
    String messageWithoutText() {
        return messageHead("in_progress") + "]}";
    }

    private String messageHead(String status) {
        return "{\"id\":\"" + messageId + "\",\"type\":\"message\",\"status\":\"" + status
                + "\",\"role\":\"assistant\",\"phase\":null,\"content\":[";
    }

    void addPart(Buffer event) {
        addPart(event, text);
    }

    static void addPart(Buffer event, Transcript text) {
        event.appendString("{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":");
        addText(event, text);
        event.appendString("}");
    }

    /** The text as a string of JSON. */
    static void addText(Buffer event, Transcript text) {
        event.appendString("\"");
        text.copyTo(event::appendBytes);
        event.appendString("\"");
    }
}
