package dev.runnel.generator;

import dev.runnel.config.ModelConfig;
import dev.runnel.generator.AdmissionCheck.Admitted;
import dev.runnel.message.Ended;
import dev.runnel.message.Submit;
import dev.runnel.text.FinishReason;
import dev.runnel.trace.GenerationFacts;
import dev.runnel.trace.GenerationOutcome;
import dev.runnel.trace.GenerationTrace;
import dev.runnel.trace.Tracing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A generation in the words of a trace. */
final class GenerationSpans {

    private GenerationSpans() {}

    static GenerationTrace begin(Tracing tracing, String id, Admitted admitted) {
        Submit submit = admitted.submit();
        ModelConfig model = admitted.model().config();
        String operation = model.template() == ModelConfig.Template.CHAT ? "chat" : "text_completion";
        GenerationFacts facts = new GenerationFacts(
                id,
                operation,
                model.engine(),
                model.name(),
                submit.maxTokens(),
                submit.sampling().orElse(model.sampling()),
                submit.requestId(),
                submit.keyId());
        return tracing.generation(submit.traceparent(), facts);
    }

    static void end(GenerationTrace trace, Ended ended, Ending ending) {
        trace.ended(new GenerationOutcome(
                ended.usage(), finishReason(ending), errorType(ending), ended.queueMillis(), ended.firstTokenMillis()));
    }

    private static @Nullable String finishReason(Ending ending) {
        if (ending instanceof Ending.Failed) {
            return null;
        }
        return ending instanceof Ending.Done done ? done.reason().wireName() : FinishReason.CANCELLED.wireName();
    }

    private static @Nullable String errorType(Ending ending) {
        return ending instanceof Ending.Failed broken
                ? broken.failure().code().name().toLowerCase(Locale.ROOT)
                : null;
    }
}
