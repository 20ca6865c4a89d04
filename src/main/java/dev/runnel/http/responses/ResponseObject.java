package dev.runnel.http.responses;

import dev.runnel.resume.KeptRequest;
import dev.runnel.text.Transcript;
import io.vertx.core.buffer.Buffer;

/** The object of one response. Members without a value are {@code null}, as the types of client libraries have them. */
public final class ResponseObject {

    /** Members that no response has a value for. */
    private static final String NULLS = nulls(
            "access_programs",
            "completed_at",
            "conversation",
            "image",
            "input_transformations",
            "max_tool_calls",
            "moderation",
            "prompt",
            "prompt_cache_diagnostics",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning",
            "safety_identifier",
            "service_tier",
            "tool_usage",
            "top_logprobs",
            "user");

    /** More than an object needs besides what is repeated of the request and the text, in bytes. */
    private static final int MEMBERS_BYTES = 2048;

    private static final String GENERATION = "gen_";

    private final String head;
    private final String members;
    private final String itemId;

    /**
     * Makes the object of one generation.
     *
     * @param id of the generation; needs no escaping
     * @param model the model's name
     */
    public ResponseObject(String id, String model, KeptRequest request) {
        this.head = "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":" + request.createdSeconds()
                + ",\"model\":" + JsonText.quoted(model) + ",\"status\":\"";
        this.members = request.members();
        this.itemId = "msg_" + (id.startsWith(GENERATION) ? id.substring(GENERATION.length()) : id);
    }

    private static String nulls(String... names) {
        StringBuilder members = new StringBuilder(",\"parallel_tool_calls\":true,\"truncation\":\"disabled\"");
        for (String name : names) {
            members.append(",\"").append(name).append("\":null");
        }
        return members.toString();
    }

    /** The id of its message. */
    String itemId() {
        return itemId;
    }

    /** The bytes of an object besides its text, at most. */
    int bytes() {
        return MEMBERS_BYTES + 3 * (members.length() + NULLS.length());
    }

    /** The object as a body. */
    public Buffer json(ResponseStatus status, Transcript text) {
        Buffer body = Buffer.buffer(MEMBERS_BYTES + members.length() + NULLS.length() + text.length());
        addTo(body, status, text);
        return body;
    }

    void addTo(Buffer event, ResponseStatus status, Transcript text) {
        event.appendString(head + status.word() + "\",\"error\":" + status.error() + ",\"incomplete_details\":"
                + status.incompleteDetails() + "," + members + NULLS + ",\"output\":[");
        if (text.length() > 0 || isFinished(status)) {
            addItem(event, status.itemWord(), text);
        }
        event.appendString("],\"usage\":" + status.usage() + "}");
    }

    /** A generation that ended by itself has a message, also without a text. */
    private static boolean isFinished(ResponseStatus status) {
        return !status.isFailure() && !status.usage().equals("null");
    }

    void addItem(Buffer event, String status, Transcript text) {
        event.appendString(itemHead(status));
        addPart(event, text);
        event.appendString("]}");
    }

    /** The message before its text. */
    String itemWithoutText() {
        return itemHead("in_progress") + "]}";
    }

    private String itemHead(String status) {
        return "{\"id\":\"" + itemId + "\",\"type\":\"message\",\"status\":\"" + status
                + "\",\"role\":\"assistant\",\"phase\":null,\"content\":[";
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
