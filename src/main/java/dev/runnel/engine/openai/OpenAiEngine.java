package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Surrogates;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A model that other servers run. A generation lives on the event loop that it was started on, its upstream connection
 * included. Opening reads keys and certificates; it asks no upstream, since one that is down now may be up when it is needed.
 */
final class OpenAiEngine implements Engine {

    private final ModelConfig model;
    private final OpenAiSettings settings;
    private final EngineEnvironment environment;
    private final Environment outside;
    private final JsonFactory json;
    private final UpstreamClients loops;
    private final Set<RelayedGeneration> running = ConcurrentHashMap.newKeySet();

    private volatile @Nullable RelayContext kit;
    private volatile boolean closed;

    /** A prompt that was looked at. */
    private record CheckedPrompt(Prompt prompt) implements PreparedPrompt {

        @Override
        public int cells() {
            return 1;
        }
    }

    OpenAiEngine(ModelConfig model, OpenAiSettings settings, EngineEnvironment environment, Environment outside) {
        this.model = model;
        this.settings = settings;
        this.environment = environment;
        this.outside = outside;
        this.json = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        this.loops = new UpstreamClients(environment.vertx(), json, settings.api());
    }

    @Override
    public Future<ModelFacts> open() {
        Credentials credentials = new Credentials(environment.vertx(), outside.variables());
        List<Future<UpstreamClientOptions>> wirings = new ArrayList<>();
        for (int place = 0; place < settings.upstreams().size(); place++) {
            wirings.add(wiring(credentials, place));
        }
        return Future.all(wirings).map(all -> opened(all.list()));
    }

    private Future<UpstreamClientOptions> wiring(Credentials credentials, int place) {
        UpstreamSettings upstream = settings.upstreams().get(place);
        String path = "upstreams[" + place + "]";
        return credentials
                .key(path, upstream.key())
                .compose(key -> credentials
                        .trust(path, upstream.trustFile())
                        .map(trust -> UpstreamClientOptions.of(upstream, settings, key, trust)));
    }

    private ModelFacts opened(List<UpstreamClientOptions> wirings) {
        List<Upstream> upstreams = new ArrayList<>();
        List<String> names = UpstreamNames.of(settings.upstreams());
        for (int place = 0; place < wirings.size(); place++) {
            UpstreamSettings each = settings.upstreams().get(place);
            upstreams.add(new Upstream(place, names.get(place), each, wirings.get(place)));
        }
        Upstreams choice = new Upstreams(
                model.name(), upstreams, settings.pauses(), environment.listener(), outside.clock(), outside.random());
        choice.announce();
        String system = Objects.requireNonNullElse(model.system(), "");
        RequestBody body = new RequestBody(json, settings, system, model.sampling());
        kit = new RelayContext(environment.vertx(), choice, loops, body, settings.deadlines(), outside.clock());
        int sequences = upstreams.stream().mapToInt(Upstream::concurrent).sum();
        return new ModelFacts(0, sequences, sequences);
    }

    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        RelayContext opened = kit;
        Optional<Failure> refusal = refusal(prompt);
        if (refusal.isEmpty() && opened != null) {
            refusal = opened.upstreams().allSetAside();
        }
        return refusal.<Future<PreparedPrompt>>map(r -> Future.failedFuture(new GenerationException(r)))
                .orElseGet(() -> Future.succeededFuture(new CheckedPrompt(prompt)));
    }

    private Optional<Failure> refusal(Prompt prompt) {
        if (closed || kit == null) {
            return Optional.of(gone());
        }
        Integer topK = prompt.sampling().topK();
        if (topK != null && !settings.topK()) {
            return Optional.of(Failure.invalid("topK", "topK: " + topK + " (expected: absent for this model)"));
        }
        if (prompt.turns().stream().anyMatch(turn -> Surrogates.hasUnpaired(turn.content()))) {
            return Optional.of(
                    Failure.invalid("prompt", "prompt: half a surrogate pair (expected: whole code points)"));
        }
        return Optional.empty();
    }

    private static Failure gone() {
        return Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model is not available now: try again later");
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        Context context = environment.vertx().getOrCreateContext();
        RelayContext opened = kit;
        if (closed || opened == null || !(prepared instanceof CheckedPrompt looked)) {
            context.runOnContext(v -> sink.failed(gone()));
            return () -> {};
        }
        RelayedGeneration relay = new RelayedGeneration(opened, context, looked.prompt(), sink, running::remove);
        running.add(relay);
        relay.start();
        if (closed) {
            relay.close();
        }
        return relay;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.join(running.stream().map(RelayedGeneration::close).toList())
                .eventually(loops::close)
                .mapEmpty();
    }
}
