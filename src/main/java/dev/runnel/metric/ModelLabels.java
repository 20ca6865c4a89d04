package dev.runnel.metric;

import io.micrometer.core.instrument.Tags;

/**
 * What a configured model is called in metrics.
 *
 * @param name as clients call it
 * @param operation a word of the GenAI conventions for what it does
 * @param provider who produces its text, in the conventions' words where they have one
 */
public record ModelLabels(String name, String operation, String provider) {

    Tags own() {
        return Tags.of("model", name);
    }

    Tags genAi() {
        return Tags.of(
                "gen_ai.operation.name", operation, "gen_ai.provider.name", provider, "gen_ai.request.model", name);
    }
}
