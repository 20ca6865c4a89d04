package dev.runnel.engine.openai;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.ModelConfig.Template;
import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a model's entry says of this engine.
 *
 * @param api the route; by the model's template where it was left out
 * @param maxTokensField under which name the most tokens to generate are asked for
 * @param includeUsage whether the upstream is asked to tell the usage
 * @param topK whether the upstream understands {@code top_k}
 */
record OpenAiSettings(
        Api api,
        MaxTokensField maxTokensField,
        boolean includeUsage,
        boolean topK,
        Deadlines deadlines,
        Pauses pauses,
        List<UpstreamSettings> upstreams) {

    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_UPSTREAMS = 64;

    /** Names that servers have for the same thing. */
    enum MaxTokensField {
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How long what may take.
     *
     * @param connect a connection, TLS included
     * @param firstByte the first text, counted anew from every event
     * @param idle each further event
     * @param keepAlive how long a connection is kept that nobody uses; whole seconds
     */
    record Deadlines(Duration connect, Duration firstByte, Duration idle, Duration keepAlive) {}

    /**
     * How long an upstream that failed is left alone.
     *
     * @param first after its first failure; doubled with each further one
     * @param longest at most
     */
    record Pauses(Duration first, Duration longest) {}

    OpenAiSettings {
        upstreams = List.copyOf(upstreams);
    }

    /** Reads a model's entry; what is wrong with it goes to {@code complaints}. */
    static OpenAiSettings read(ModelConfig model, List<String> complaints) {
        Section section = model.settings(complaints);
        OpenAiSettings settings = new OpenAiSettings(
                section.value("api", Rule.oneOf(Api.class), defaultApi(model.template())),
                section.value("maxTokensField", Rule.oneOf(MaxTokensField.class), MaxTokensField.MAX_TOKENS),
                section.value("includeUsage", Rule.bool(), true),
                section.value("topK", Rule.bool(), false),
                deadlines(section.section("deadlines")),
                pauses(section.section("setAside")),
                section.sections("upstreams").stream()
                        .map(UpstreamSettings::read)
                        .toList());
        settings.complainOfWhatDoesNotFit(model, section);
        section.done();
        return settings;
    }

    private void complainOfWhatDoesNotFit(ModelConfig model, Section section) {
        if (upstreams.isEmpty() || upstreams.size() > MOST_UPSTREAMS) {
            section.complain("upstreams", upstreams.size() + " of them", "1 … " + MOST_UPSTREAMS);
        }
        if (model.system() != null && !model.system().isEmpty() && api == Api.COMPLETIONS) {
            section.complain("system", "a text", "absent where the api is completions");
        }
        if (model.sampling().topK() != null && !topK) {
            section.complain("sampling.topK", model.sampling().topK(), "absent, or topK: true");
        }
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
