package dev.runnel.engine.openai;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.ModelConfig.Template;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.HeldText;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Recording;
import dev.runnel.engine.UpstreamOutcome;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** An engine of one relayed model, opened, and what it reported. */
final class Rig implements AutoCloseable {

    static final Prompt PROMPT = new Prompt(List.of(Turn.user("Tell me a story")), Sampling.UNSET, 16, false);

    private final EngineRig rig;
    private final List<String> reports = new CopyOnWriteArrayList<>();

    /** What the engine reported to its listener. */
    private final class Reports implements EngineListener {

        @Override
        public void notice(String model, String line) {
            reports.add("notice " + line);
        }

        @Override
        public void upstreamAnswered(String model, String upstream, UpstreamOutcome outcome) {
            reports.add(upstream + " " + outcome);
        }

        @Override
        public void upstreamRetried(String model, String upstream) {
            reports.add(upstream + " retried");
        }

        @Override
        public void upstreamCircuitOpened(String model, String upstream, Duration pause) {
            reports.add(upstream + " circuit open");
        }
    }

    Rig(Vertx vertx, ModelConfig model) throws TimeoutException {
        this(vertx, model, Map.of());
    }

    Rig(Vertx vertx, ModelConfig model, Map<String, String> variables) throws TimeoutException {
        this(vertx, model, new Environment(variables::get, System::nanoTime, () -> 0.5));
    }

    /** @param clock nanoseconds */
    Rig(Vertx vertx, ModelConfig model, LongSupplier clock) throws TimeoutException {
        this(vertx, model, new Environment(name -> null, clock, () -> 0.5));
    }

    /** @param heldTexts makes the account of one generation of the model of this name */
    Rig(Vertx vertx, ModelConfig model, Function<String, HeldText> heldTexts) throws TimeoutException {
        var environment = new EngineEnvironment(vertx, Path.of("."), LlamaConfig.AUTO, new Reports(), heldTexts);
        rig = new EngineRig(
                vertx, engine(model, new Environment(name -> null, System::nanoTime, () -> 0.5), environment));
    }

    private Rig(Vertx vertx, ModelConfig model, Environment outside) throws TimeoutException {
        rig = new EngineRig(vertx, engine(vertx, model, outside, new Reports()));
    }

    static Engine engine(Vertx vertx, ModelConfig model, Map<String, String> variables, EngineListener listener) {
        return engine(vertx, model, new Environment(variables::get, System::nanoTime, () -> 0.5), listener);
    }

    private static Engine engine(Vertx vertx, ModelConfig model, Environment outside, EngineListener listener) {
        return engine(model, outside, new EngineEnvironment(vertx, Path.of("."), listener));
    }

    private static Engine engine(ModelConfig model, Environment outside, EngineEnvironment environment) {
        List<String> complaints = new ArrayList<>();
        OpenAiSettings settings = OpenAiSettings.read(model, complaints);
        if (!complaints.isEmpty()) {
            throw new AssertionError(complaints);
        }
        return new OpenAiEngine(model, settings, environment, outside);
    }

    /** A model in front of these upstreams. */
    static ModelConfig model(String... urls) {
        return model(Map.of(), urls);
    }

    /** A model in front of these upstreams, with further settings. */
    static ModelConfig model(Map<String, Object> settings, String... urls) {
        List<Map<String, Object>> upstreams = new ArrayList<>();
        for (String url : urls) {
            upstreams.add(Map.of("url", url, "model", "m"));
        }
        return model(settings, upstreams);
    }

    static ModelConfig model(Map<String, Object> settings, List<Map<String, Object>> upstreams) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("upstreams", upstreams);
        return new ModelConfig("relayed", "openai", Template.CHAT, null, Sampling.UNSET, all);
    }

    Engine engine() {
        return rig.engine();
    }

    List<String> reports() {
        return reports;
    }

    Recording start() throws TimeoutException {
        return start(PROMPT, Integer.MAX_VALUE);
    }

    Recording start(Prompt prompt, int cancelAt) throws TimeoutException {
        return rig.start(prompt, cancelAt);
    }

    PreparedPrompt prepare(Prompt prompt) throws TimeoutException {
        return rig.prepare(prompt);
    }

    /** Starts a generation and waits for its good end. */
    Completion complete() throws TimeoutException {
        return start().completion();
    }

    /** Starts a generation and waits for its failure. */
    Failure fail() throws TimeoutException {
        return failure(start());
    }

    static Failure failure(Recording recording) throws TimeoutException {
        try {
            Completion completion = recording.completion();
            throw new AssertionError("completed: " + completion);
        } catch (GenerationException e) {
            return e.failure();
        }
    }

    void run(Runnable action) throws TimeoutException {
        rig.run(action);
    }

    <T> T onLoop(Supplier<Future<T>> action) throws TimeoutException {
        return rig.onLoop(action);
    }

    @Override
    public void close() throws TimeoutException {
        rig.close();
    }
}
