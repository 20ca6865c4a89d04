package dev.runnel.http.responses;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.openai.MemberReader;
import dev.runnel.http.openai.OptionsText;
import dev.runnel.http.openai.PassedMembers;
import dev.runnel.http.request.AnswerForm;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.PassThrough;
import dev.runnel.resume.KeptTurn;
import dev.runnel.text.Sampling;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of one request that were read so far. */
final class ResponsesDraft {

    /** More than any configuration allows. */
    private static final int MANY_TOKENS = 1_000_000;

    private static final String THINKING = "thinking";
    private static final String REASONING = "reasoning";

    private final MemberReader value;
    private final Duration retention;
    private final TextMember text;
    private final ResponseTools tools;
    private final PassedMembers passed;
    private @Nullable List<KeptTurn> turns;
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
    private String thinking = "";
    private boolean isAnsweringAtOnce;

    /** @param retention how long a background response is kept */
    ResponsesDraft(MemberReader value, Duration retention, PassThrough passThrough) {
        this.value = value;
        this.retention = retention;
        this.text = new TextMember(value);
        this.tools = new ResponseTools(value);
        this.passed = new PassedMembers(value, passThrough);
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
            case THINKING -> thinking = value.bool(name) ? "true" : "false";
            case REASONING -> readReasoning(name);
            case "metadata" -> metadata = new MetadataReader(value).read();
            case "text" -> text.read(name);
            case ResponseTools.TOOLS, ResponseTools.CHOICE, ResponseTools.PARALLEL -> tools.read(name);
            case "conversation", "prompt" -> throw value.unsupported(name, "no such member");
            default -> passed.read(name);
        }
    }

    /** Of an effort only {@code none} has a meaning here. A model may pass any on. */
    private void readReasoning(String name) throws IOException {
        if (value.token() == JsonToken.START_OBJECT) {
            passed.add(name, value.raw(() -> value.object(name, this::readEffort)));
        } else {
            passed.read(name);
        }
    }

    private void readEffort(String name) throws IOException {
        if (name.equals("effort")) {
            isAnsweringAtOnce = value.token() == JsonToken.VALUE_STRING
                    && value.text(REASONING + ".effort").equals("none");
        }
    }

    ResponsesRequest finished() {
        List<KeptTurn> read = turns;
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
                read.stream().map(KeptTurn::turn).toList(),
                InputReader.PLACE,
                maxOutputTokens,
                true,
                sampling(),
                "",
                model,
                new AnswerForm(Family.RESPONSES, false, isStreamed, true, isBackground));
        OptionsText options = new OptionsText();
        text.addTo(options);
        options.add(THINKING, thinking, THINKING);
        options.add("reasoning_effort", isAnsweringAtOnce ? "\"none\"" : "", REASONING);
        tools.addTo(options);
        passed.addTo(options, model);
        return new ResponsesRequest(request, read, options, instructions, Optional.ofNullable(previousId), members());
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
                + "," + tools.ofAnswer()
                + ",\"top_p\":" + topP
                + ",\"parallel_tool_calls\":" + tools.isParallel();
    }
}
