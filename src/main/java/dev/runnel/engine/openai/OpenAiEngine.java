package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.Options;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.ResponseFormat;
import dev.runnel.engine.Sink;
import dev.runnel.engine.Thinking;
import dev.runnel.engine.ToolChoice;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Turn;
import dev.runnel.text.Utf8;
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
 * A model that other servers run. A generation and its upstream connection stay on the event loop that it was started
 * on. Opening reads keys and certificates. It sends no request, since an upstream that is down now may be up when it is
 * needed.
 */
final class OpenAiEngine implements Engine {

    private final ModelConfig model;
    private final OpenAiSettings settings;
    private final EngineEnvironment environment;
    private final Environment process;
    private final JsonFactory json;
    private final UpstreamClients clients;
    private final long systemBytes;
    private final Set<RelayedGeneration> running = ConcurrentHashMap.newKeySet();

    private volatile @Nullable RelayContext shared;
    /** For raw texts, where the upstreams have a route of its own for them. */
    private volatile @Nullable RelayContext raw;

    private volatile boolean closed;

    OpenAiEngine(ModelConfig model, OpenAiSettings settings, EngineEnvironment environment, Environment process) {
        this.model = model;
        this.settings = settings;
        this.environment = environment;
        this.process = process;
        this.systemBytes = Utf8.length(system(model));
        this.json = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
        this.clients = new UpstreamClients(
                environment.vertx(),
                api -> new ParseBuffers(
                        json, api, settings.tools() && api == settings.api(), settings.maxEventBytes()));
    }

    @Override
    public Future<ModelFacts> open() {
        Credentials credentials = new Credentials(environment.vertx(), process.variables());
        List<Future<UpstreamClientOptions>> options = new ArrayList<>();
        for (int place = 0; place < settings.upstreams().size(); place++) {
            options.add(options(credentials, place));
        }
        return Future.all(options).map(all -> opened(all.list()));
    }

    private Future<UpstreamClientOptions> options(Credentials credentials, int place) {
        UpstreamSettings upstream = settings.upstreams().get(place);
        String path = "upstreams[" + place + "]";
        return credentials
                .key(path, upstream.key())
                .compose(key -> credentials
                        .trust(path, upstream.trustFile())
                        .map(trust -> UpstreamClientOptions.of(upstream, settings, key, trust)));
    }

    private ModelFacts opened(List<UpstreamClientOptions> options) {
        List<Upstream> upstreams = new ArrayList<>();
        List<String> names = UpstreamNames.of(settings.upstreams());
        for (int place = 0; place < options.size(); place++) {
            UpstreamSettings each = settings.upstreams().get(place);
            upstreams.add(new Upstream(place, names.get(place), each, options.get(place)));
        }
        Upstreams choice = new Upstreams(
                model.name(), upstreams, settings.pauses(), environment.listener(), process.clock(), process.random());
        choice.announce();
        raw = settings.rawPath().isPresent() ? context(choice, settings.forRawTexts(), "") : null;
        shared = context(choice, settings, system(model));
        int sequences = upstreams.stream().mapToInt(Upstream::concurrent).sum();
        return new ModelFacts(0, sequences, sequences).preparingAtOnce().passing(settings.passThrough());
    }

    private RelayContext context(Upstreams choice, OpenAiSettings of, String system) {
        return new RelayContext(
                environment.vertx(),
                choice,
                clients,
                of.api(),
                new RequestBody(json, of, system, model.sampling()),
                settings.deadlines(),
                settings.maxEventBytes(),
                () -> environment.heldTexts().apply(model.name()),
                process.clock());
    }

    private static String system(ModelConfig model) {
        return Objects.requireNonNullElse(model.system(), "");
    }

    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        RelayContext opened = shared;
        Optional<Failure> refusal = refusal(prompt);
        if (refusal.isEmpty() && opened != null) {
            refusal = opened.upstreams().allOpen();
        }
        return refusal.<Future<PreparedPrompt>>map(r -> Future.failedFuture(new GenerationException(r)))
                .orElseGet(
                        () -> Future.succeededFuture(new CheckedPrompt(prompt, ExpectedUsage.of(prompt, systemBytes))));
    }

    private Optional<Failure> refusal(Prompt prompt) {
        if (closed || shared == null) {
            return Optional.of(unavailable());
        }
        Integer topK = prompt.sampling().topK();
        if (topK != null && !settings.topK()) {
            return Optional.of(Failure.invalid("topK", "topK: " + topK + " (expected: absent for this model)"));
        }
        if (settings.api() == Api.COMPLETIONS && prompt.turns().size() > 1) {
            return Optional.of(Failure.invalid(
                    "prompt", "prompt: several turns (expected: one, because the upstream's route has no roles)"));
        }
        for (Turn turn : prompt.turns()) {
            if (!turn.isWhole()) {
                return Optional.of(
                        Failure.invalid("prompt", "prompt: half a surrogate pair (expected: whole code points)"));
            }
        }
        return refusalOfOptions(prompt);
    }

    /**
     * Servers of the API "completions" ignore a format that they do not know, so none of them gets one. Those of the
     * API "chat" apply their template to every prompt.
     */
    private Optional<Failure> refusalOfOptions(Prompt prompt) {
        try {
            Options options = Options.read(prompt.options());
            boolean isRaw = settings.api() == Api.COMPLETIONS || options.isRawPrompt();
            if (isRaw && !settings.paths().containsKey(Api.COMPLETIONS)) {
                return Optional.of(onlyConversations());
            }
            Optional<Failure> choice = settings.tools() && !isRaw ? Optional.empty() : ToolChoice.refusal(options);
            Optional<Failure> refused = choice.or(() -> Thinking.refusal(options));
            if (refused.isPresent()) {
                return refused;
            }
            return isRaw ? ResponseFormat.of(options).map(ResponseFormat::unsupported) : refusalToGoOn(prompt, options);
        } catch (GenerationException e) {
            return Optional.of(e.failure());
        }
    }

    /**
     * A server that holds an answer to a format starts the format again. After a conversation that ends with the
     * assistant, it is not known where the answer starts.
     */
    private Optional<Failure> refusalToGoOn(Prompt prompt, Options options) {
        if (Seam.sent(prompt.textSoFar()).isEmpty()) {
            return Optional.empty();
        }
        Turn last = prompt.turns().get(prompt.turns().size() - 1);
        boolean goesOn = settings.continuation() != ContinuationForm.NONE
                && options.member(Options.RESPONSE_FORMAT).isEmpty()
                && last.role() != Turn.Role.ASSISTANT;
        return goesOn
                ? Optional.empty()
                : Optional.of(Failure.invalid(
                        "continuation", "continuation: this model's upstreams do not go on with this answer"));
    }

    private Failure onlyConversations() {
        return Failure.invalid(
                "model",
                "model: " + model.name()
                        + " continues no raw text (expected: a model that does; a relayed one has rawPath, or api:"
                        + " completions)");
    }

    private static Failure unavailable() {
        return Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model is not available now: try again later");
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        Context context = environment.vertx().getOrCreateContext();
        RelayContext opened = contextOf(prepared);
        if (closed || opened == null || !(prepared instanceof CheckedPrompt checked)) {
            context.runOnContext(v -> sink.failed(unavailable()));
            return () -> {};
        }
        RelayedGeneration generation = new RelayedGeneration(opened, context, checked, sink, running::remove);
        running.add(generation);
        generation.start();
        if (closed) {
            generation.close();
        }
        return generation;
    }

    private @Nullable RelayContext contextOf(PreparedPrompt prepared) {
        RelayContext forRaw = raw;
        boolean isRaw = forRaw != null
                && prepared instanceof CheckedPrompt checked
                && Options.read(checked.prompt().options()).isRawPrompt();
        return isRaw ? forRaw : shared;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.join(running.stream().map(RelayedGeneration::close).toList())
                .eventually(clients::close)
                .mapEmpty();
    }
}
