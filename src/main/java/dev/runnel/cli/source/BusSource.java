package dev.runnel.cli.source;

import dev.runnel.BusService;
import dev.runnel.client.GenerationRequest;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.message.Finished;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An engine in this process: generations go over the event bus of a service without ports. It has one open model. */
public final class BusSource implements TextSource {

    /** The loading of a model cannot be interrupted, and the process ends anyway. */
    private static final long CLOSING_SECONDS = 3;

    private final RunnelConfig config;
    private final EngineListener listener;
    private volatile @Nullable Opened opened;

    private record Opened(String model, BusService service, BusClient client) {}

    /** @param listener receives the progress of model fetches */
    public BusSource(RunnelConfig config, EngineListener listener) {
        this.config = config;
        this.listener = listener;
    }

    @Override
    public void open(String model, StopSignal stop) throws SourceException {
        ready(model, stop);
    }

    private Opened ready(String model, StopSignal stop) throws SourceException {
        String name = model.isEmpty() ? config.defaultModel() : model;
        Opened present = opened;
        if (present != null && present.model().equals(name)) {
            return present;
        }
        ModelConfig wanted = config.models().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SourceException(
                        "model: " + name + " (expected: one of " + String.join(", ", models()) + ")"));
        close();
        Opened fresh = open(wanted, stop);
        opened = fresh;
        return fresh;
    }

    private Opened open(ModelConfig model, StopSignal stop) throws SourceException {
        BusService.Opening opening = BusService.start(config.withOnly(model), listener);
        BusService service = opening.service();
        BusClient client = new BusClient();
        BlockingQueue<Optional<String>> outcome = new LinkedBlockingQueue<>();
        opening.opened()
                .compose(problem -> problem.isPresent()
                        ? Future.succeededFuture(problem)
                        : service.vertx().deployVerticle(client).map(deployed -> Optional.<String>empty()))
                .onComplete(ended -> outcome.add(
                        ended.succeeded()
                                ? ended.result()
                                : Optional.of(String.valueOf(ended.cause().getMessage()))));
        stop.onStop(() -> outcome.add(Optional.of("stopped before the model was ready")));
        Optional<String> problem = take(outcome, stop);
        if (problem.isPresent()) {
            close(service);
            throw new SourceException(problem.get());
        }
        return new Opened(model.name(), service, client);
    }

    @Override
    public Answer generate(Question question, AnswerReader reader, StopSignal stop) throws SourceException {
        Opened present = ready(question.model(), stop);
        BlockingQueue<BusClient.Event> events = new LinkedBlockingQueue<>();
        present.client().submit(request(question, present.model()), stop, events);
        String id = "";
        while (true) {
            BusClient.Event event = take(events, stop);
            if (event instanceof BusClient.Started started) {
                id = started.id();
            } else if (event instanceof BusClient.Text text) {
                reader.text(text.piece());
            } else if (event instanceof BusClient.End end) {
                return answer(end.finished());
            } else if (stop.isStopped()) {
                return Answer.stopped(id);
            } else if (event instanceof BusClient.Failure failure) {
                throw new SourceException(failure.cause().getMessage());
            }
        }
    }

    private static Answer answer(Finished finished) {
        return new Answer(finished.generationId(), finished.finishReason().wireName(), Optional.of(finished.usage()));
    }

    private static GenerationRequest request(Question question, String model) throws SourceException {
        try {
            GenerationRequest request = GenerationRequest.of("")
                    .withModel(model)
                    .withTurns(question.turns())
                    .withSampling(question.sampling());
            return question.maxTokens().isPresent()
                    ? request.withMaxTokens(question.maxTokens().getAsInt())
                    : request;
        } catch (IllegalArgumentException e) {
            throw new SourceException(e.getMessage());
        }
    }

    /** An interrupt stops the call, whose last element then follows. */
    private static <T> T take(BlockingQueue<T> queue, StopSignal stop) {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                stop.stop();
            }
        }
    }

    @Override
    public List<String> models() {
        Stream<String> others =
                config.models().stream().map(ModelConfig::name).filter(name -> !name.equals(config.defaultModel()));
        return Stream.concat(Stream.of(config.defaultModel()), others).collect(Collectors.toList());
    }

    @Override
    public void close() {
        Opened present = opened;
        opened = null;
        if (present != null) {
            close(present.service());
        }
    }

    private static void close(BusService service) {
        try {
            service.close().await(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // What is left ends with the process.
        }
    }
}
