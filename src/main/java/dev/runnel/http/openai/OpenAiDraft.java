package dev.runnel.http.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.runnel.http.request.AnswerForm;
import dev.runnel.http.request.AnswerForm.Family;
import dev.runnel.http.request.GenerateRequest;
import dev.runnel.http.request.PassThrough;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of one request that were read so far. */
final class OpenAiDraft {

    private static final String MESSAGES = "messages";
    private static final String PROMPT = "prompt";
    private static final String THINKING = "thinking";
    private static final String EFFORT = "reasoning_effort";
    private static final int MAX_STOPS = 16;
    private static final int MAX_STOP_CODE_POINTS = 256;
    private static final int MAX_TOP_K = 1000;
    /** More than any configuration allows. */
    private static final int MANY_TOKENS = 1_000_000;
    /** Seeds are less than this. 4294967295 itself means "random seed" in llama.cpp. */
    private static final BigInteger SEEDS = BigInteger.valueOf(4_294_967_295L);

    private final Family family;
    private final MemberReader value;
    private final ToolMembers tools;
    private final PassedMembers passed;
    private List<Turn> turns = List.of();
    /** What turns have besides their contents: an object, or empty. */
    private String turnMembers = "";

    private @Nullable String model;
    private boolean isStreamed;
    private boolean includesUsage;
    private int maxCompletionTokens;
    private int maxTokens;
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Integer topK;
    private @Nullable Long seed;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private List<String> stop = List.of();
    private String format = "";
    private String thinking = "";
    private boolean isAnsweringAtOnce;

    OpenAiDraft(Family family, MemberReader value, PassThrough passThrough) {
        this.family = family;
        this.value = value;
        this.passed = new PassedMembers(value, passThrough);
        this.tools = new ToolMembers(value);
    }

    /** Reads a member, or leaves it unread. */
    void read(String name) throws IOException {
        switch (name) {
            case MESSAGES, PROMPT, "suffix" -> readInput(name);
            case "model" -> model = value.text(name);
            case "stream" -> isStreamed = value.bool(name);
            case "stream_options" -> value.object(name, this::readStreamOption);
            case "max_completion_tokens" -> maxCompletionTokens = value.integerAtLeast(name, 1, MANY_TOKENS);
            case "max_tokens" -> maxTokens = value.integerAtLeast(name, 1, MANY_TOKENS);
            case "temperature" -> temperature = value.number(name, 0, 2);
            case "top_p" -> topP = value.number(name, 0, 1);
            case "top_k" -> topK = value.integer(name, 0, MAX_TOP_K);
            case "seed" -> seed = value.whole(name, "integer").mod(SEEDS).longValueExact();
            case "presence_penalty" -> presencePenalty = value.number(name, -2, 2);
            case "frequency_penalty" -> frequencyPenalty = value.number(name, -2, 2);
            case "stop" -> stop = value.stops(name, MAX_STOPS, MAX_STOP_CODE_POINTS);
            case THINKING, EFFORT -> readThinking(name);
            case FormatMember.NAME -> format = new FormatMember(value).read();
            case "tools", "tool_choice", "parallel_tool_calls" -> tools.read(name);
            default -> {
                new MeaningRules(family, value).check(name);
                passed.read(name);
            }
        }
    }

    /** Of an effort only {@code none} has a meaning here. A model may pass any on. */
    private void readThinking(String name) throws IOException {
        if (name.equals(EFFORT)) {
            isAnsweringAtOnce =
                    value.token() == JsonToken.VALUE_STRING && value.text(name).equals("none");
            passed.read(name);
        } else if (family == Family.CHAT) {
            thinking = value.bool(name) ? "true" : "false";
        } else {
            new MeaningRules(family, value).check(name);
        }
    }

    /** What the other family of routes reads is unknown here. */
    private void readInput(String name) throws IOException {
        if (family == Family.CHAT) {
            readMessages(name);
        } else if (name.equals(PROMPT)) {
            turns = List.of(Turn.user(new PromptReader(value).read()));
        } else if (name.equals("suffix")) {
            throw value.unsupported(name, "no suffix");
        }
    }

    private void readMessages(String name) throws IOException {
        if (name.equals(MESSAGES)) {
            MessagesReader messages = new MessagesReader(value);
            turns = messages.read();
            turnMembers = messages.turnMembers();
        }
    }

    private void readStreamOption(String name) throws IOException {
        if (name.equals("include_usage")) {
            includesUsage = value.bool("stream_options.include_usage");
        }
    }

    GenerateRequest finished() {
        String field = family == Family.CHAT ? MESSAGES : PROMPT;
        if (turns.isEmpty()) {
            throw MemberReader.refusal(
                    field, "missing", family == Family.CHAT ? MessagesReader.RULE : PromptReader.RULE);
        }
        return new GenerateRequest(
                turns,
                field,
                maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens,
                true,
                sampling(),
                options(),
                model,
                new AnswerForm(family, false, isStreamed, includesUsage));
    }

    /** The members are those of {@code engine.Options}. */
    private String options() {
        OptionsText options = new OptionsText();
        if (family == Family.COMPLETIONS) {
            options.add("raw_prompt", "true", PROMPT);
        }
        options.add(FormatMember.NAME, format, FormatMember.NAME);
        options.add(THINKING, thinking, THINKING);
        options.add(EFFORT, isAnsweringAtOnce && family == Family.CHAT ? "\"none\"" : "", EFFORT);
        options.add("turns", turnMembers, MESSAGES);
        tools.addTo(options);
        passed.addTo(options, model);
        return options.text();
    }

    /** A {@code top_p} of 0 leaves the likeliest token only. */
    private Sampling sampling() {
        boolean likeliestOnly = topP != null && topP == 0;
        return new Sampling(
                temperature,
                likeliestOnly ? null : topP,
                likeliestOnly ? Integer.valueOf(1) : topK,
                seed,
                presencePenalty,
                frequencyPenalty,
                stop);
    }
}
