package dev.runnel.http.request;

import dev.runnel.message.ModelState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which members of a request the servers of models get as they came. The name of the model may be the last member of a
 * request.
 *
 * @param models all configured ones
 */
public record PassThrough(List<ModelState> models) {

    /** Of a service that passes no members on. */
    public static final PassThrough NONE = new PassThrough(List.of());

    /** Copies the models. */
    public PassThrough {
        models = List.copyOf(models);
    }

    /** Whether a model passes this member on. */
    public boolean isOfAny(String member) {
        for (ModelState model : models) {
            if (model.passThrough().contains(member)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The names of the members that one model passes on.
     *
     * @param requested the name of the model in the request, or {@code null} for the default
     */
    public Set<String> of(@Nullable String requested) {
        return models.stream()
                .filter(model ->
                        requested == null ? model.isDefault() : model.name().equals(requested))
                .findFirst()
                .map(ModelState::passThrough)
                .orElse(Set.of());
    }
}
