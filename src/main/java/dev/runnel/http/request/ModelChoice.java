package dev.runnel.http.request;

import dev.runnel.config.Allowance;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.ModelState;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.Quote;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The models that a caller may use. */
public final class ModelChoice {

    private final Supplier<List<ModelState>> models;

    public ModelChoice(Supplier<List<ModelState>> models) {
        this.models = models;
    }

    /** The models that the caller may use, each with the largest {@code maxTokens} that it may request. */
    public List<ModelState> allowed(Allowance allowance) {
        return models.get().stream()
                .filter(model -> allowance.allowsModel(model.name()))
                .map(model -> within(allowance, model))
                .toList();
    }

    /** The model of a name; empty where it is unknown or the caller may not use it. */
    public Optional<ModelState> allowed(Allowance allowance, String name) {
        return allowed(allowance).stream()
                .filter(model -> model.name().equals(name))
                .findFirst();
    }

    private static ModelState within(Allowance allowance, ModelState model) {
        return model.withMaxTokens(
                Math.min(model.maxTokens(), allowance.maxTokens().orElse(Integer.MAX_VALUE)));
    }

    /** The names of the members that the models' servers get as they came. */
    public PassThrough passThrough() {
        return new PassThrough(models.get());
    }

    /**
     * The model that will run a request.
     *
     * @param requested the name in the request, or {@code null} for the default
     * @throws RefusedException where it is unknown, the caller may not use it, or it is unavailable
     */
    public ModelState choose(@Nullable String requested, Allowance allowance) {
        ModelState model = models.get().stream()
                .filter(known ->
                        requested == null ? known.isDefault() : known.name().equals(requested))
                .findFirst()
                .orElseThrow(() -> new RefusedException(ErrorResponse.of(unknown(requested))));
        if (!allowance.allowsModel(model.name())) {
            throw new RefusedException(ErrorResponse.forbidden(
                    "model",
                    "model: " + model.name()
                            + " is not allowed for this API key (expected: a name that GET /v1/models lists)"));
        }
        if (!model.available()) {
            throw new RefusedException(ErrorResponse.of(Failure.of(
                    FailureCode.MODEL_UNAVAILABLE, "model: " + model.name() + " is unavailable (try again soon)")));
        }
        return model;
    }

    private static Failure unknown(@Nullable String requested) {
        String shown = requested == null ? "no default model" : '"' + Quote.cut(requested) + '"';
        return Failure.of(
                FailureCode.UNKNOWN_MODEL, "model: " + shown + " (expected: a name that GET /v1/models lists)");
    }
}
