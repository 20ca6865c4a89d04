package dev.runnel.http.request;

import dev.runnel.config.Allowance;
import dev.runnel.http.error.ErrorResponse;
import dev.runnel.http.error.RefusedException;
import dev.runnel.message.ModelState;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The models, as far as a caller may use them. */
public final class ModelChoice {

    private final Supplier<List<ModelState>> models;

    public ModelChoice(Supplier<List<ModelState>> models) {
        this.models = models;
    }

    /** Those that the caller may use, each with the largest {@code maxTokens} that it may ask for. */
    public List<ModelState> allowed(Allowance allowance) {
        return models.get().stream()
                .filter(model -> allowance.allowsModel(model.name()))
                .map(model -> within(allowance, model))
                .toList();
    }

    private static ModelState within(Allowance allowance, ModelState model) {
        int maxTokens = Math.min(model.maxTokens(), allowance.maxTokens().orElse(Integer.MAX_VALUE));
        return new ModelState(
                model.name(), model.isDefault(), model.available(), model.contextTokens(), maxTokens, model.problem());
    }

    /**
     * The name of the model that will run a request.
     *
     * @param wanted what the request names, or {@code null} for the default
     * @throws RefusedException where there is none, the caller may not use it, or it does not work now
     */
    public String choose(@Nullable String wanted, Allowance allowance) {
        ModelState model = models.get().stream()
                .filter(known ->
                        wanted == null ? known.isDefault() : known.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new RefusedException(ErrorResponse.of(unknown(wanted))));
        if (!allowance.allowsModel(model.name())) {
            throw new RefusedException(ErrorResponse.forbidden(
                    "model",
                    "model: this API key may not use " + model.name() + " (expected: one that GET /v1/models lists)"));
        }
        if (!model.available()) {
            throw new RefusedException(ErrorResponse.of(Failure.of(
                    FailureCode.MODEL_UNAVAILABLE,
                    "model: " + model.name() + " is not available now (try again soon)")));
        }
        return model.name();
    }

    private static Failure unknown(@Nullable String wanted) {
        String shown = wanted == null ? "no default model" : '"' + FieldReader.cut(wanted) + '"';
        return Failure.of(
                FailureCode.UNKNOWN_MODEL, "model: " + shown + " (expected: a name that GET /v1/models lists)");
    }
}
