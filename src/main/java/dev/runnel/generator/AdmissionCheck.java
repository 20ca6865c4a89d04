package dev.runnel.generator;

import dev.runnel.config.GenerationConfig;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a generation may start or wait, before it is accepted. */
final class AdmissionCheck {

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionCheck.class);

    private final Models models;
    private final GenerationConfig config;
    private final SubmitRules rules;
    private final Preparations preparations;

    AdmissionCheck(Context context, Models models, GenerationConfig config) {
        this.models = models;
        this.config = config;
        Duration longestWait = config.queueWait().compareTo(Preparations.LONGEST_WAIT) < 0
                ? config.queueWait()
                : Preparations.LONGEST_WAIT;
        this.preparations = new Preparations(context, longestWait);
        this.rules = new SubmitRules(config.maxTokens());
    }

    /** A request that its model can run. */
    record Admitted(Submit submit, Model model, ModelQueue queue, PreparedPrompt prepared) {}

    /** Completes on the calling context; fails with a {@link GenerationException} that has the reason. */
    Future<Admitted> admit(Submit submit) {
        if (models.isDraining()) {
            return refused(Failure.draining());
        }
        Optional<Model> model = models.find(submit.model());
        if (model.isEmpty()) {
            return refused(new Failure(FailureCode.UNKNOWN_MODEL, "model: no model of this name", "model", 0));
        }
        Optional<Failure> violation = rules.firstViolation(submit);
        return violation.isPresent() ? refused(violation.get()) : admit(submit, model.get());
    }

    private Future<Admitted> admit(Submit submit, Model model) {
        if (!(model.state() instanceof Model.Open open)) {
            return refused(new Failure(
                    FailureCode.MODEL_UNAVAILABLE,
                    "model: " + model.name() + " is not available now; try again later or use another",
                    "model",
                    0));
        }
        Optional<Failure> tooLong = SubmitRules.tooManyBytes(submit, open.facts());
        if (tooLong.isPresent()) {
            return refused(tooLong.get());
        }
        Optional<ModelQueue.Full> full = open.queue().fullFor(KeyShare.of(submit));
        if (full.isPresent()) {
            return refused(full(model, full.get()));
        }
        return prepare(submit, model, open)
                .recover(failure -> Future.failedFuture(refusalOf(model, failure)))
                .compose(prepared -> fits(prepared, open)
                        ? Future.succeededFuture(new Admitted(submit, model, open.queue(), prepared))
                        : refused(Failure.invalid(
                                "maxTokens", "maxTokens: more than the model can hold (expected: fewer tokens)")));
    }

    private Future<PreparedPrompt> prepare(Submit submit, Model model, Model.Open open) {
        if (!open.facts().preparesAtOnce()) {
            return preparations.prepare(
                    submit, open.prompts(), () -> model.engine().prepare(prompt(submit)));
        }
        try {
            return model.engine().prepare(prompt(submit));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** The refusal of a request for which there is no place. */
    static Failure full(Model model, ModelQueue.Full full) {
        String why = full.forItsKeyAlone()
                ? "this key has as many requests running or waiting at " + model.name() + " as it may have"
                : "all places of " + model.name() + " to run and to wait are in use";
        int seconds = full.retryAfterSeconds();
        return Failure.full(why + "; try again in " + seconds + " s", seconds);
    }

    private Prompt prompt(Submit submit) {
        int maxTokens = submit.maxTokens() == 0 ? config.defaultMaxTokens() : submit.maxTokens();
        return new Prompt(submit.turns(), submit.sampling(), maxTokens, submit.maxTokensIsDefault(), submit.options())
                .after(submit.continuation().textSoFar());
    }

    private static boolean fits(PreparedPrompt prepared, Model.Open open) {
        return prepared.cells() <= open.facts().cells();
    }

    private static GenerationException refusalOf(Model model, Throwable failure) {
        if (failure instanceof GenerationException refusal) {
            return refusal;
        }
        LOG.error("model {} could not prepare a prompt", model.name(), failure);
        return new GenerationException(Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again"));
    }

    private static <T> Future<T> refused(Failure failure) {
        return Future.failedFuture(new GenerationException(failure));
    }
}
