package dev.runnel.generator;

import dev.runnel.client.OpenWrites;
import dev.runnel.client.OtherNodes;
import dev.runnel.generator.AdmissionCheck.Admitted;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Adopt;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Continuation;
import dev.runnel.message.Failed;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Look;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MalformedMessageException;
import dev.runnel.metric.GenerationMeters;
import dev.runnel.net.OnContext;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts and runs the generations of one verticle instance. All methods run on its context. */
final class Generator {

    private static final Logger LOG = LoggerFactory.getLogger(Generator.class);

    private final AdmissionCheck admission;
    private final GenerationMeters meters;
    private final GenerationIds ids;
    private final GeneratorContext shared;
    private final Map<String, Generation> generations = new HashMap<>();
    private final EndedRuns kept;

    private final WithheldEnds withheld;
    private final Promise<Void> emptied = Promise.promise();

    private final Optional<OtherNodes> nodes;
    private Runnable stopListening = () -> {};
    private boolean draining;

    Generator(Context context, GeneratorSetup setup) {
        this.admission = new AdmissionCheck(context, setup.models(), setup.generation());
        this.meters = setup.meters();
        this.ids = new GenerationIds(setup.random());
        Optional<Observers> observers =
                setup.bus().publishDeltas() ? Optional.of(new Observers(context)) : Optional.empty();
        boolean isLogged = setup.log().generations();
        this.withheld = new WithheldEnds(context.owner());
        var publication = new Publication(withheld, isLogged);
        this.nodes = OtherNodes.of(context.owner());
        this.kept = new EndedRuns(context.owner(), setup.kept());
        this.shared = new GeneratorContext(context, setup, observers, nodes.map(OpenWrites::new), publication);
    }

    /** Ends generations whose consumers are on a node that is gone, until {@link #stopListening}. */
    void listen() {
        Context context = shared.context();
        if (shared.publication().isLogged()) {
            nodes.ifPresent(others -> others.onOwnAccount(ended -> GenerationLog.write(ended, null)));
        }
        stopListening = nodes.map(others -> others.listen(new OtherNodes.Listener() {

                    @Override
                    public void gone(String node, Set<String> generators) {
                        // Consumers learn of it.
                    }

                    @Override
                    public void consumersGone(String node, OtherNodes.Absence absence) {
                        context.runOnContext(turn -> endForConsumersOf(node, absence));
                    }

                    @Override
                    public void consumersBack(String node) {
                        context.runOnContext(turn -> withheld.back(node));
                    }
                }))
                .orElse(() -> {});
    }

    private void endForConsumersOf(String node, OtherNodes.Absence absence) {
        List.copyOf(generations.values()).forEach(generation -> generation.consumersGone(node, absence));
        kept.consumersGone(node, absence);
        if (absence == OtherNodes.Absence.LEFT) {
            withheld.left(node);
        }
    }

    /** Learns no more of other nodes. */
    void stopListening() {
        stopListening.run();
    }

    /** Its name on the bus, see {@link Addresses#generator}. */
    String instance() {
        return ids.instance();
    }

    /** Replies to a {@link Submit}, a {@link Look} and an {@link Adopt}, and to a {@link Cancel} that asks for it. */
    void receive(Message<Object> message) {
        assert OnContext.check(shared.context());
        Object body;
        try {
            body = message.body();
        } catch (MalformedMessageException e) {
            LOG.warn("a message on the bus could not be read: {}", e.getMessage());
            refuse(
                    message,
                    Failure.of(FailureCode.LOST, "the generator uses another version of the messages; try again"));
            return;
        }
        if (body instanceof Submit submit) {
            accept(message, submit);
        } else if (body instanceof Cancel cancel) {
            boolean known = cancel(cancel);
            if (message.replyAddress() != null) {
                message.reply(new Cancelled(cancel.generationId(), known));
            }
        } else if (body instanceof Look look) {
            message.reply(status(look));
        } else if (body instanceof Adopt adopt) {
            adopt(message, adopt);
        }
    }

    private void accept(Message<Object> message, Submit submit) {
        if (isLate(submit)) {
            // It waited for this node, which did not run, or the network held it. Its consumer does not wait any more.
            refuse(message, late());
            return;
        }
        admission
                .admit(submit)
                .onSuccess(admitted -> start(message, admitted))
                .onFailure(refusal -> refuse(message, failureOf(refusal)));
    }

    /** Whether its consumer, on another node, has asked another generator meanwhile. */
    private boolean isLate(Submit submit) {
        long answerBy = submit.placement().answerByMillis();
        return answerBy != 0 && nodes.isPresent() && nodes.get().clockMillis() > answerBy;
    }

    private static Failure late() {
        return Failure.of(FailureCode.LOST, "the request came too late; try again");
    }

    private void start(Message<Object> message, Admitted admitted) {
        if (isLate(admitted.submit())) {
            refuse(message, late());
            return;
        }
        Optional<Failure> newer = newerRun(admitted.submit().continuation());
        if (newer.isPresent()) {
            refuse(message, newer.get());
            return;
        }
        var generation = new Generation(id(admitted.submit()), admitted, shared, this::ended);
        Optional<Failure> refusal = draining
                ? Optional.of(Failure.draining())
                : generation.enter().map(full -> AdmissionCheck.full(admitted.model(), full));
        if (refusal.isPresent()) {
            generation.refused();
            refuse(message, refusal.get());
            return;
        }
        Generation before = generations.put(generation.id(), generation);
        if (before != null) {
            before.cancel(Cancel.Cause.CONTINUED);
        }
        message.reply(new Accepted(generation.id(), Addresses.generator(instance())));
        generation.proceed(GenerationSpans.start(shared.setup().tracing(), generation.id(), admitted));
    }

    private String id(Submit submit) {
        Continuation continuation = submit.continuation();
        return continuation.isPresent() ? continuation.generationId() : ids.next();
    }

    /** Refuses to go on with a generation of which a newer run is here, or the same. */
    private Optional<Failure> newerRun(Continuation continuation) {
        Generation here = continuation.isPresent() ? generations.get(continuation.generationId()) : null;
        return here == null || here.epoch() < continuation.epoch()
                ? Optional.empty()
                : Optional.of(Failure.of(FailureCode.LOST, "the generation goes on already"));
    }

    private void refuse(Message<Object> message, Failure failure) {
        meters.refused(failure.code());
        message.reply(new Failed("", 0, failure));
    }

    private static Failure failureOf(Throwable refusal) {
        if (refusal instanceof GenerationException known) {
            return known.failure();
        }
        LOG.error("a generation could not be accepted", refusal);
        return Failure.of(FailureCode.ENGINE_FAILED, "the engine failed; try again");
    }

    /** Returns whether the generation is known. An unknown one may just have ended. */
    private boolean cancel(Cancel cancel) {
        Generation generation = generations.get(cancel.generationId());
        if (generation == null) {
            decide(cancel);
            boolean isSought =
                    nodes.map(others -> others.sought().cancel(cancel)).orElse(false);
            return kept.cancel(cancel) || isSought;
        }
        if (generation.isEndSent()) {
            return false;
        }
        if (!cancel.owner().isEmpty() && !generation.belongsTo(cancel.owner())) {
            return false;
        }
        boolean isOfRun = cancel.cause() == Cancel.Cause.CONSUMER_GONE || cancel.cause() == Cancel.Cause.CONTINUED;
        if (!isOfRun || cancel.epoch() >= generation.epoch()) {
            generation.cancel(cancel.cause());
        }
        return true;
    }

    /** What its consumer has decided about an end that was withheld. */
    private void decide(Cancel cancel) {
        if (cancel.cause() == Cancel.Cause.CONSUMER_GONE) {
            withheld.consumerGone(cancel.generationId(), cancel.epoch());
        } else if (cancel.cause() == Cancel.Cause.CONTINUED) {
            withheld.continued(cancel.generationId(), cancel.epoch());
        }
    }

    /** One that runs, or has ended and is kept. */
    private @Nullable Generation known(String id) {
        Generation running = generations.get(id);
        return running == null ? kept.find(id) : running;
    }

    private void adopt(Message<Object> message, Adopt adopt) {
        Generation known = known(adopt.generationId());
        if (known == null) {
            message.reply(Status.unknown(adopt.generationId()));
        } else {
            known.adopt(message, adopt);
            kept.adopted(known);
        }
    }

    private Status status(Look look) {
        if (look.isForText()) {
            Generation known = known(look.generationId());
            return known == null ? Status.unknown(look.generationId()) : known.keptStatus(look.owner());
        }
        Generation generation = generations.get(look.generationId());
        return generation != null && !generation.isEndSent() && generation.belongsTo(look.owner())
                ? generation.status()
                : Status.unknown(look.generationId());
    }

    private void ended(Generation generation) {
        generations.remove(generation.id(), generation);
        kept.add(generation);
        completeIfEmptied();
    }

    /** Refuses new generations from now on; completes when every accepted one has ended. */
    Future<Void> drain() {
        assert OnContext.check(shared.context());
        draining = true;
        completeIfEmptied();
        return emptied.future();
    }

    /**
     * Ends the running generations with {@code DRAINING}. Those of consumers on other nodes go on there.
     *
     * @return how many had no ending before
     */
    int cut() {
        assert OnContext.check(shared.context());
        return (int) List.copyOf(generations.values()).stream()
                .filter(Generation::cut)
                .count();
    }

    private void completeIfEmptied() {
        if (draining && generations.isEmpty()) {
            emptied.tryComplete();
        }
    }
}
