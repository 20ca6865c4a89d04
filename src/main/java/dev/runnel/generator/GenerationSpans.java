package dev.runnel.generator;

import dev.runnel.config.ModelConfig;
import dev.runnel.generator.AdmissionCheck.Admitted;
import dev.runnel.message.Submit;
import dev.runnel.trace.GenerationFacts;
import dev.runnel.trace.GenerationTrace;
import dev.runnel.trace.Tracing;

/** Starts the span of a generation, with what is known of it at its acceptance. */
final class GenerationSpans {

    private GenerationSpans() {}

    static GenerationTrace start(Tracing tracing, String id, Admitted admitted) {
        return tracing.generation(admitted.submit().origin().traceparent(), () -> facts(id, admitted));
    }

    private static GenerationFacts facts(String id, Admitted admitted) {
        Submit submit = admitted.submit();
        ModelConfig model = admitted.model().config();
        String operation = model.template() == ModelConfig.Template.CHAT ? "chat" : "text_completion";
        return new GenerationFacts(
                id,
                operation,
                model.engine(),
                model.name(),
                submit.maxTokens(),
                submit.sampling().orElse(model.sampling()),
                submit.origin().requestId(),
                submit.origin().keyId());
    }
}
