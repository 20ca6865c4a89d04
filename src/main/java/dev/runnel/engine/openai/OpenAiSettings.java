package dev.runnel.engine.openai;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.ModelConfig.Template;
import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of this engine in a model's entry.
 *
 * @param api the route; its default depends on the model's template
 * @param maxTokensField the name of the field for the most tokens to generate
 * @param includeUsage whether the upstream is asked for the usage
 * @param topK whether the upstream understands {@code top_k}
 * @param tools whether the upstream gets tools and its calls are passed on
 * @param passThrough the names of the members of a request that the upstream gets as they came
 * @param rawPath the path after an upstream's URL for raw texts, if it differs from that of the {@code api}
 * @param continuation how an upstream of the API "chat" is asked to go on after the start of an answer
 * @param maxEventBytes the most bytes of one event of an upstream
 */
record OpenAiSettings(
        Api api,
        MaxTokensField maxTokensField,
        boolean includeUsage,
        boolean topK,
        boolean tools,
        Set<String> passThrough,
        Optional<String> rawPath,
        ContinuationForm continuation,
        int maxEventBytes,
        Deadlines deadlines,
        Pauses pauses,
        List<UpstreamSettings> upstreams) {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MAX_UPSTREAMS = 64;
    /** The length of a member's name. */
    private static final int LONGEST_NAME = 64;

    /** The members that Runnel writes to an upstream, or accepts only with a value that changes nothing. */
    private static final Set<String> OWN_MEMBERS = Set.of(
            "model",
            "messages",
            "prompt",
            "stream",
            "stream_options",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "presence_penalty",
            "frequency_penalty",
            "stop",
            "response_format",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "n",
            "best_of",
            "logprobs",
            "echo",
            "suffix",
            "modalities",
            "audio",
            "functions",
            "function_call",
            "thinking");

    /** The names that servers use for the same field. */
    enum MaxTokensField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The longest time of each step.
     *
     * @param connect until there is a connection, TLS included
     * @param firstByte until the first text, and from each event before it
     * @param idle from one event to the next after that
     * @param keepAlive how long an unused connection is kept; whole seconds
     */
    record Deadlines(Duration connect, Duration firstByte, Duration idle, Duration keepAlive) {}

    /**
     * How long the circuit of a failed upstream stays open. The configuration key is {@code setAside}.
     *
     * @param first after the first failure; doubled with each further one
     * @param longest the upper limit
     */
    record Pauses(Duration first, Duration longest) {}

    OpenAiSettings {
        passThrough = Set.copyOf(passThrough);
        upstreams = List.copyOf(upstreams);
    }

    /** Reads a model's entry; every violation of a rule is added to {@code complaints}. */
    static OpenAiSettings read(ModelConfig model, List<String> complaints) {
        Section section = model.settings(complaints);
        OpenAiSettings settings = new OpenAiSettings(
                section.value("api", Rule.oneOf(Api.class), defaultApi(model.template())),
                section.value("maxTokensField", Rule.oneOf(MaxTokensField.class), MaxTokensField.MAX_TOKENS),
                section.value("includeUsage", Rule.bool(), true),
                section.value("topK", Rule.bool(), false),
                section.value("tools", Rule.bool(), false),
                passThrough(section),
                section.optional("rawPath", UpstreamSettings.PATH),
                section.value("continuation", Rule.oneOf(ContinuationForm.class), ContinuationForm.NONE),
                section.value("maxEventBytes", Rule.integer(1024, 64 << 20), 4 << 20),
                deadlines(section.section("deadlines")),
                pauses(section.section("setAside")),
                section.sections("upstreams").stream()
                        .map(UpstreamSettings::read)
                        .toList());
        settings.checkCombinations(model, section);
        section.done();
        return settings;
    }

    private void checkCombinations(ModelConfig model, Section section) {
        if (upstreams.isEmpty() || upstreams.size() > MAX_UPSTREAMS) {
            section.complain("upstreams", upstreams.size() + " of them", "1 … " + MAX_UPSTREAMS);
        }
        if (model.system() != null && !model.system().isEmpty() && api == Api.COMPLETIONS) {
            section.complain("system", "a text", "absent where the api is completions");
        }
        if (tools && api == Api.COMPLETIONS) {
            section.complain("tools", true, "false where the api is completions");
        }
        if (rawPath.isPresent() && api == Api.COMPLETIONS) {
            section.complain("rawPath", rawPath.get(), "absent where the api is completions");
        }
        if (continuation != ContinuationForm.NONE && api == Api.COMPLETIONS) {
            String form = continuation.name().toLowerCase(Locale.ROOT);
            section.complain("continuation", form, "absent where the api is completions, which always goes on");
        }
        if (model.sampling().topK() != null && !topK) {
            section.complain("sampling.topK", model.sampling().topK(), "absent, or topK: true");
        }
    }

    private static Set<String> passThrough(Section section) {
        List<String> names = section.list("passThrough", Rule.text());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.isBlank() || name.length() > LONGEST_NAME) {
                section.complain(
                        "passThrough[" + i + "]", name, "the name of a member, 1 … " + LONGEST_NAME + " characters");
            } else if (OWN_MEMBERS.contains(name)) {
                section.complain("passThrough[" + i + "]", name, "a member that Runnel does not read or write itself");
            }
        }
        return Set.copyOf(names);
    }

    /** The paths after an upstream's URL, by the route that is used there. */
    Map<Api, String> paths() {
        Map<Api, String> paths = new EnumMap<>(Api.class);
        rawPath.ifPresent(path -> paths.put(Api.COMPLETIONS, path));
        paths.put(api, api.path());
        return paths;
    }

    /** The settings for raw texts: a server's route for them has neither tools nor another name for the length. */
    OpenAiSettings forRawTexts() {
        return new OpenAiSettings(
                Api.COMPLETIONS,
                MaxTokensField.MAX_TOKENS,
                includeUsage,
                topK,
                false,
                passThrough,
                rawPath,
                ContinuationForm.NONE,
                maxEventBytes,
                deadlines,
                pauses,
                upstreams);
    }

    private static Api defaultApi(Template template) {
        return template == Template.CHAT ? Api.CHAT : Api.COMPLETIONS;
    }

    private static Deadlines deadlines(Section section) {
        Rule<Duration> rule = Rule.duration(MILLISECOND, DAY);
        return new Deadlines(
                section.value("connect", rule, Duration.ofSeconds(5)),
                section.value("firstByte", rule, Duration.ofMinutes(2)),
                section.value("idle", rule, Duration.ofSeconds(30)),
                section.value("keepAlive", Rule.duration(Duration.ofSeconds(1), DAY), Duration.ofSeconds(30)));
    }

    private static Pauses pauses(Section section) {
        Rule<Duration> rule = Rule.duration(MILLISECOND, Duration.ofHours(1));
        Pauses pauses = new Pauses(
                section.value("first", rule, Duration.ofMillis(500)),
                section.value("longest", rule, Duration.ofSeconds(10)));
        if (pauses.longest.compareTo(pauses.first) < 0) {
            section.complain("longest", pauses.longest.toMillis() + "ms", ">= first");
        }
        return pauses;
    }
}
