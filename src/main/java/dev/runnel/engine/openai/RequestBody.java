package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.runnel.engine.Options;
import dev.runnel.engine.Prompt;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of a request to an upstream. A field that neither the caller nor the model's entry sets is left out.
 *
 * @param system the text of a system turn before the turns of a prompt that has none, empty without one
 * @param defaults the model's own sampling
 */
record RequestBody(JsonFactory json, OpenAiSettings settings, String system, Sampling defaults) {

    /** The options that an upstream gets as they came. */
    private static final List<String> PASSED_ON = List.of(Options.RESPONSE_FORMAT);

    /** Those that it gets besides if it knows tools. */
    private static final List<String> OF_TOOLS =
            List.of(Options.TOOLS, Options.TOOL_CHOICE, Options.PARALLEL_TOOL_CALLS);

    private static final String CONTINUE_FINAL_MESSAGE = "continue_final_message";
    private static final String ADD_GENERATION_PROMPT = "add_generation_prompt";

    /** Those that say that the last message goes on. */
    private static final Set<String> CONTINUATION_MEMBERS = Set.of(CONTINUE_FINAL_MESSAGE, ADD_GENERATION_PROMPT);

    /** The members besides the contents. */
    private static final int MEMBERS_BYTES = 256;

    /** The members of a turn besides its content. */
    private static final int TURN_BYTES = 48;

    /** Prose with line breaks and quotes needs one byte more for so many. */
    private static final int CHARS_PER_ESCAPE = 16;

    private static final int MOST_RESERVED_BYTES = 8 << 20;

    /**
     * The whole request.
     *
     * @param json an object in UTF-8
     * @param defaulted the names of its fields that the model's entry set and the caller did not
     */
    record Written(Buffer json, Set<String> defaulted) {}

    /** @param model the upstream's name for it */
    Written of(Prompt prompt, String model) {
        Buffer bytes = Buffer.buffer(usualBytes(prompt));
        try (JsonGenerator out = json.createGenerator(new Appended(bytes))) {
            out.writeStartObject();
            out.writeStringField("model", model);
            Options options = Options.read(prompt.options());
            writePrompt(out, prompt, options);
            out.writeBooleanField("stream", true);
            if (settings.includeUsage()) {
                out.writeObjectFieldStart("stream_options");
                out.writeBooleanField("include_usage", true);
                out.writeEndObject();
            }
            if (options.member(Options.OPEN_LENGTH).isEmpty()) {
                int tokensSoFar = prompt.textSoFar().tokens();
                out.writeNumberField(settings.maxTokensField().wireName(), prompt.maxTokens() - tokensSoFar);
            }
            writeSampling(out, prompt.sampling().orElse(defaults));
            writeMembers(out, options, PASSED_ON);
            if (settings.tools()) {
                writeMembers(out, options, OF_TOOLS);
            }
            if (!settings.passThrough().isEmpty()) {
                writeMembers(out, options.object(Options.PASSED), passedOn(prompt));
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Written(bytes, defaulted(prompt));
    }

    /** Room for the whole request unless much of the prompt needs escapes: one that grows is copied each time. */
    private int usualBytes(Prompt prompt) {
        long contents =
                (long) prompt.options().length() + prompt.textSoFar().text().length() + system.length();
        for (Turn turn : prompt.turns()) {
            contents += turn.utf8Length() + TURN_BYTES;
        }
        return (int) Math.min(MOST_RESERVED_BYTES, MEMBERS_BYTES + contents + contents / CHARS_PER_ESCAPE);
    }

    private Set<String> defaulted(Prompt prompt) {
        Set<String> names = defaults.equals(Sampling.UNSET) ? Set.of() : defaulted(prompt.sampling());
        if (!prompt.maxTokensIsDefault()) {
            return names;
        }
        String limit = settings.maxTokensField().wireName();
        if (names.isEmpty()) {
            return Set.of(limit);
        }
        Set<String> all = new HashSet<>(names);
        all.add(limit);
        return all;
    }

    private Set<String> defaulted(Sampling asked) {
        Set<String> names = new HashSet<>();
        addIfDefaulted(names, "temperature", asked.temperature(), defaults.temperature());
        addIfDefaulted(names, "top_p", asked.topP(), defaults.topP());
        addIfDefaulted(names, "top_k", asked.topK(), defaults.topK());
        addIfDefaulted(names, "seed", asked.seed(), defaults.seed());
        addIfDefaulted(names, "presence_penalty", asked.presencePenalty(), defaults.presencePenalty());
        addIfDefaulted(names, "frequency_penalty", asked.frequencyPenalty(), defaults.frequencyPenalty());
        if (asked.stop().isEmpty() && !defaults.stop().isEmpty()) {
            names.add("stop");
        }
        return names;
    }

    private static void addIfDefaulted(
            Set<String> names, String name, @Nullable Number asked, @Nullable Number byDefault) {
        if (asked == null && byDefault != null) {
            names.add(name);
        }
    }

    private Set<String> passedOn(Prompt prompt) {
        if (!hasContinuationMembers(prompt)) {
            return settings.passThrough();
        }
        Set<String> names = new HashSet<>(settings.passThrough());
        names.removeAll(CONTINUATION_MEMBERS);
        return names;
    }

    private boolean hasContinuationMembers(Prompt prompt) {
        return settings.continuation() == ContinuationForm.CONTINUE_FINAL_MESSAGE
                && !Seam.sent(prompt.textSoFar()).isEmpty();
    }

    /** The text so far follows the prompt. One of white space alone is not sent: the upstream starts again. */
    private void writePrompt(JsonGenerator out, Prompt prompt, Options options) throws IOException {
        List<Turn> turns = prompt.turns();
        String start = Seam.sent(prompt.textSoFar());
        if (settings.api() == Api.COMPLETIONS) {
            out.writeStringField("prompt", turns.get(0).content() + start);
            return;
        }
        out.writeArrayFieldStart("messages");
        if (!system.isEmpty() && turns.get(0).role() != Turn.Role.SYSTEM) {
            writeTurn(out, Turn.Role.SYSTEM, system);
        }
        boolean hasTools = settings.tools() && options.member(Options.TURNS).isPresent();
        Options more = options.turns();
        for (int place = 0; place < turns.size(); place++) {
            Turn turn = turns.get(place);
            if (hasTools) {
                writeTurn(out, turn, more.object(Integer.toString(place)));
            } else {
                writeTurn(out, turn.role(), turn.content());
            }
        }
        if (!start.isEmpty()) {
            writeStart(out, start);
        }
        out.writeEndArray();
        if (hasContinuationMembers(prompt)) {
            out.writeBooleanField(CONTINUE_FINAL_MESSAGE, true);
            out.writeBooleanField(ADD_GENERATION_PROMPT, false);
        }
    }

    /** The start of the answer. */
    private void writeStart(JsonGenerator out, String start) throws IOException {
        out.writeStartObject();
        out.writeStringField("role", Turn.Role.ASSISTANT.wireName());
        out.writeStringField("content", start);
        if (settings.continuation() == ContinuationForm.PREFIX) {
            out.writeBooleanField("prefix", true);
        }
        out.writeEndObject();
    }

    private static void writeTurn(JsonGenerator out, Turn.Role role, String content) throws IOException {
        out.writeStartObject();
        out.writeStringField("role", role.wireName());
        out.writeStringField("content", content);
        out.writeEndObject();
    }

    /** A turn that may call tools or answer a call. One that only calls has no content. */
    private static void writeTurn(JsonGenerator out, Turn turn, Options more) throws IOException {
        out.writeStartObject();
        out.writeFieldName("role");
        out.writeRawValue(more.member(Options.ROLE).orElse('"' + turn.role().wireName() + '"'));
        if (turn.content().isEmpty() && more.member(Options.TOOL_CALLS).isPresent()) {
            out.writeNullField("content");
        } else {
            out.writeStringField("content", turn.content());
        }
        writeMembers(out, more, List.of(Options.TOOL_CALLS, Options.TOOL_CALL_ID));
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

    private static void writeMembers(JsonGenerator out, Options options, Collection<String> names) throws IOException {
        for (String name : names) {
            String member = options.member(name).orElse("");
            if (!member.isEmpty()) {
                out.writeFieldName(name);
                out.writeRawValue(member);
            }
        }
    }

    private static void writeNumber(JsonGenerator out, String field, @Nullable Double number) throws IOException {
        if (number != null) {
            out.writeNumberField(field, number);
        }
    }

    /** What is written is appended to a buffer. */
    private static final class Appended extends OutputStream {

        private final Buffer buffer;

        Appended(Buffer buffer) {
            this.buffer = buffer;
        }

        @Override
        public void write(int next) {
            buffer.appendByte((byte) next);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            buffer.appendBytes(bytes, offset, length);
        }
    }
}
