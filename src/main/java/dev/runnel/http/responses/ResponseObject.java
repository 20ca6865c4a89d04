package dev.runnel.http.responses;

import dev.runnel.resume.KeptRequest;
import dev.runnel.text.EscapedText;
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

    private final String id;
    private final String head;
    private final String members;

    /**
     * Makes the object of one generation.
     *
     * @param id of the generation; needs no escaping
     * @param model the model's name
     * @param createdSeconds when it was accepted, in whole seconds since 1970
     * @param request what is repeated of it
     */
    public ResponseObject(String id, String model, long createdSeconds, KeptRequest request) {
        this.id = id;
        this.head = "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":" + createdSeconds + ",\"model\":"
                + EscapedText.of(model).json() + ",\"status\":\"";
        this.members = request.members();
    }

    private static String nulls(String... names) {
        StringBuilder members = new StringBuilder(",\"truncation\":\"disabled\"");
        for (String name : names) {
            members.append(",\"").append(name).append("\":null");
        }
        return members.toString();
    }

    /** Of the generation. */
    String id() {
        return id;
    }

    /** The bytes of an object besides its output, at most. */
    int bytes() {
        return MEMBERS_BYTES + 3 * (members.length() + NULLS.length());
    }

    /** The object as a body. */
    public Buffer json(ResponseStatus status, ResponseOutput output) {
        Buffer body = Buffer.buffer(MEMBERS_BYTES + members.length() + NULLS.length() + output.length());
        addTo(body, status, output);
        return body;
    }

    void addTo(Buffer event, ResponseStatus status, ResponseOutput output) {
        event.appendString(head + status.word() + "\",\"error\":" + status.error() + ",\"incomplete_details\":"
                + status.incompleteDetails() + "," + members + NULLS + ",\"output\":[");
        output.addItems(event, status);
        event.appendString("],\"usage\":" + status.usage() + "}");
    }
}
