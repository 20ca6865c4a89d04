package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.runnel.engine.Prompt;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of a request to an upstream. A field that neither the caller nor the model's entry sets is left out.
 *
 * @param system the text of a system turn before the prompt's turns, empty without one
 * @param defaults the model's own sampling
 */
record RequestBody(JsonFactory json, OpenAiSettings settings, String system, Sampling defaults) {

    /**
     * The whole request.
     *
     * @param model the upstream's name for it
     * @return a JSON object in UTF-8
     */
    byte[] of(Prompt prompt, String model) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("model", model);
            writePrompt(out, prompt.turns());
            out.writeBooleanField("stream", true);
            if (settings.includeUsage()) {
                out.writeObjectFieldStart("stream_options");
                out.writeBooleanField("include_usage", true);
                out.writeEndObject();
            }
            out.writeNumberField(settings.maxTokensField().wireName(), prompt.maxTokens());
            writeSampling(out, prompt.sampling().orElse(defaults));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void writePrompt(JsonGenerator out, List<Turn> turns) throws IOException {
        if (settings.api() == Api.COMPLETIONS) {
            out.writeStringField("prompt", turns.stream().map(Turn::content).collect(Collectors.joining("\n")));
            return;
        }
        out.writeArrayFieldStart("messages");
        if (!system.isEmpty()) {
            writeTurn(out, Turn.Role.SYSTEM, system);
        }
        for (Turn turn : turns) {
            writeTurn(out, turn.role(), turn.content());
        }
        out.writeEndArray();
    }

    private static void writeTurn(JsonGenerator out, Turn.Role role, String content) throws IOException {
        out.writeStartObject();
        out.writeStringField("role", role.wireName());
        out.writeStringField("content", content);
        out.writeEndObject();
    }

    private static void writeSampling(JsonGenerator out, Sampling sampling) throws IOException {
        writeNumber(out, "temperature", sampling.temperature());
        writeNumber(out, "top_p", sampling.topP());
        if (sampling.topK() != null) {
            out.writeNumberField("top_k", sampling.topK());
        }
        if (sampling.seed() != null) {
            out.writeNumberField("seed", sampling.seed());
        }
        writeNumber(out, "presence_penalty", sampling.presencePenalty());
        writeNumber(out, "frequency_penalty", sampling.frequencyPenalty());
        if (!sampling.stop().isEmpty()) {
            out.writeArrayFieldStart("stop");
            for (String stop : sampling.stop()) {
                out.writeString(stop);
            }
            out.writeEndArray();
        }
    }

    private static void writeNumber(JsonGenerator out, String field, @Nullable Double number) throws IOException {
        if (number != null) {
            out.writeNumberField(field, number);
        }
    }
}
