package dev.runnel.http.responses;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.request.AnswerForm;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of one request that were read so far. */
final class ResponsesDraft {

    /** More than any configuration allows. */
    private static final int MANY_TOKENS = 1_000_000;

    private final MemberReader value;
    private final Duration retention;
    private final TextMember text;
    private @Nullable List<Turn> turns;
    private @Nullable String instructions;
    private @Nullable String previousId;
    private @Nullable String model;
    private boolean isStreamed;
    private boolean isBackground;
    private boolean isStored;
    private int maxOutputTokens;
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private String metadata = "null";
    private String toolChoice = "auto";

    /** @param retention how long a background response is kept */
    ResponsesDraft(MemberReader value, Duration retention) {
        this.value = value;
        this.retention = retention;
        this.text = new TextMember(value);
    }

    /** Reads a member, or leaves it unread. */
    void read(String name) throws IOException {
        switch (name) {
            case InputReader.PLACE -> turns = new InputReader(value).read();
            case "instructions" -> instructions = value.text(name);
            case "previous_response_id" -> previousId = value.text(name);
            case "model" -> model = value.text(name);
            case "stream" -> isStreamed = value.bool(name);
            case "background" -> isBackground = value.bool(name);
            case "store" -> isStored = value.bool(name);
            case "max_output_tokens" -> maxOutputTokens = value.integerAtLeast(name, 1, MANY_TOKENS);
            case "temperature" -> temperature = value.number(name, 0, 2);
            case "top_p" -> topP = value.number(name, 0, 1);
            case "metadata" -> metadata = new MetadataReader(value).read();
            case "text" -> text.read(name);
            case "tools" -> tools(name);
            case "tool_choice" -> toolChoice(name);
            case "conversation", "prompt" -> throw value.unsupported(name, "no such member");
            default -> {
                // It only hints, or it is unknown.
            }
        }
    }

    /** A model may answer with text where tools are offered. Their definitions are left unread. */
    private void tools(String name) throws IOException {
        if (value.token() != JsonToken.START_ARRAY) {
            throw value.refused(name, "array");
        }
    }

    private void toolChoice(String name) throws IOException {
        if (value.token() == JsonToken.START_OBJECT) {
            throw value.unsupported(name, "auto or none on this route");
        }
        toolChoice = value.text(name);
        switch (toolChoice) {
            case "auto", "none" -> {
                // Both allow an answer of text.
            }
            case "required" -> throw value.unsupported(name, "auto or none on this route");
            default -> throw value.refused(name, "auto, none, required or an object");
        }
    }

    ResponsesRequest finished() {
        List<Turn> read = turns;
        if (read == null) {
            throw MemberReader.refusal(InputReader.PLACE, "missing", InputReader.RULE);
        }
        if (isStored && !isBackground) {
            throw MemberReader.unsupportedValue(
                    "store",
                    "store: true is not supported (expected: false, or background: true, whose response is kept for "
                            + retention.toSeconds() + " s after its end)");
        }
        GenerateRequest request = new GenerateRequest(
                read,
                InputReader.PLACE,
                maxOutputTokens,
                true,
                sampling(),
                text.options(),
                model,
                new AnswerForm(Family.RESPONSES, false, isStreamed, true, isBackground));
        return new ResponsesRequest(request, instructions, Optional.ofNullable(previousId), members());
    }

    /** A {@code top_p} of 0 leaves the likeliest token only. */
    private Sampling sampling() {
        boolean likeliestOnly = topP != null && topP == 0;
        return new Sampling(
                temperature,
                likeliestOnly ? null : topP,
                likeliestOnly ? Integer.valueOf(1) : null,
                null,
                null,
                null,
                List.of());
    }

    private String members() {
        return "\"background\":" + isBackground
                + ",\"instructions\":" + JsonText.quotedOrNull(instructions)
                + ",\"max_output_tokens\":" + (maxOutputTokens == 0 ? "null" : maxOutputTokens)
                + ",\"metadata\":" + metadata
                + ",\"previous_response_id\":" + JsonText.quotedOrNull(previousId)
                + ",\"temperature\":" + temperature
                + ",\"text\":" + text.json()
                + ",\"tool_choice\":\"" + toolChoice + "\",\"tools\":[]"
                + ",\"top_p\":" + topP;
    }
}
