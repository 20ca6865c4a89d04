package dev.runnel.generator;

import dev.runnel.generator.AdmissionCheck.Admitted;
import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
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
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts and runs the generations of one verticle instance. All methods run on its context. */
final class Generator {

    private static final Logger LOG = LoggerFactory.getLogger(Generator.class);

    private final AdmissionCheck admission;
    private final GenerationMeters meters;
    private final GenerationIds ids = new GenerationIds(new SecureRandom());
    private final Generation.GeneratorContext shared;
    private final Map<String, Generation> generations = new HashMap<>();
    private final Promise<Void> emptied = Promise.promise();

    private boolean draining;

    Generator(Context context, GeneratorSetup setup) {
        this.admission = new AdmissionCheck(context, setup.models(), setup.generation());
        this.meters = setup.meters();
        Optional<Observers> observers =
                setup.bus().publishDeltas() ? Optional.of(new Observers(context)) : Optional.empty();
        this.shared = new Generation.GeneratorContext(context, setup, observers, this::ended);
    }

    /** Its name on the bus, see {@link Addresses#generator}. */
    String instance() {
        return ids.instance();
    }

    /** Replies to a {@link Submit}, a {@link Look}, and a {@link Cancel} where the sender asks for it. */
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
        }
    }

    private void accept(Message<Object> message, Submit submit) {
        admission
                .admit(submit)
                .onSuccess(admitted -> start(message, admitted))
                .onFailure(refusal -> refuse(message, failureOf(refusal)));
    }

    private void start(Message<Object> message, Admitted admitted) {
        var generation = new Generation(ids.next(), admitted, shared);
        Optional<Failure> refusal = draining
                ? Optional.of(Failure.draining())
                : generation.enter().map(full -> AdmissionCheck.full(admitted.model(), full));
        if (refusal.isPresent()) {
            refuse(message, refusal.get());
            return;
        }
        generations.put(generation.id(), generation);
        message.reply(new Accepted(generation.id(), Addresses.generator(instance())));
        generation.proceed();
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
        if (generation == null || !(cancel.owner().isEmpty() || generation.belongsTo(cancel.owner()))) {
            return false;
        }
        generation.cancel(cancel.cause());
        return true;
    }

    private Status status(Look look) {
        Generation generation = generations.get(look.generationId());
        return generation != null && generation.belongsTo(look.owner())
                ? generation.status()
                : Status.unknown(look.generationId());
    }

    private void ended(Generation generation) {
        generations.remove(generation.id());
        completeIfEmptied();
    }

    /** Refuses new generations from now on; completes when every accepted one has ended. */
    Future<Void> drain() {
        assert OnContext.check(shared.context());
        draining = true;
        completeIfEmptied();
        return emptied.future();
    }

    /** Ends the running generations with {@code DRAINING}; returns how many had no ending before. */
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
