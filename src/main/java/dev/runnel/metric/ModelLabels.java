package dev.runnel.metric;

import io.micrometer.core.instrument.Tags;

/**
 * The labels of a configured model.
 *
 * @param name as in the configuration
 * @param operation the word of OpenTelemetry's GenAI conventions for what the model does
 * @param provider what produces its text, in the words of the conventions where they have one
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
