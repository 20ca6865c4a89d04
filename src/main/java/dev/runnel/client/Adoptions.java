package dev.runnel.client;

import dev.runnel.message.Adopt;
import dev.runnel.message.Continuation;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.Look;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.function.BiFunction;

/** Takes over generations whose guardians are gone. Belongs to the client's context. */
final class Adoptions {

    /** A generator answers within one turn of its event loop. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final String inbox;
    private final Guard.Setting setting;
    private final BiFunction<String, Guard, ClientGeneration> known;

    /** @param known makes a generation of this client */
    Adoptions(Vertx vertx, String inbox, Guard.Setting setting, BiFunction<String, Guard, ClientGeneration> known) {
        this.vertx = vertx;
        this.inbox = inbox;
        this.setting = setting;
        this.known = known;
    }

    /**
     * Takes a generation over.
     *
     * @param entry with the generator that keeps it
     * @param givenUpBy the inbox of a guardian that does not have it any more, see {@link Adopt}
     * @return as {@link GenerationClient#adopt}
     */
    Future<ClientGeneration> adopt(KeptEntry entry, String givenUpBy) {
        if (!setting.nodes().isAccepting()) {
            return Future.failedFuture(new GenerationException(GeneratorSearch.tooFewMembers()));
        }
        String self = setting.nodes().self();
        boolean isHere = entry.generatorNode().equals(self);
        var adopt = new Adopt(entry.generationId(), entry.owner(), inbox, isHere ? "" : self, givenUpBy);
        var options = new DeliveryOptions().setSendTimeout(ANSWER.toMillis()).setLocalOnly(isHere);
        return vertx.eventBus()
                .request(entry.generator(), adopt, options)
                .map(reply -> adopted(reply.body(), entry.generator(), isHere ? "" : entry.generatorNode()))
                .recover(failure -> Future.failedFuture(explained(failure)));
    }

    /**
     * Asks a generator for the text of a generation whose guardian is gone. Nothing changes there.
     *
     * @param entry with the generator that keeps it
     * @return as {@link GenerationClient#lookAtKept}
     */
    Future<Status> look(KeptEntry entry) {
        String id = entry.generationId();
        boolean isHere = entry.generatorNode().equals(setting.nodes().self());
        var options = new DeliveryOptions().setSendTimeout(ANSWER.toMillis()).setLocalOnly(isHere);
        return vertx.eventBus()
                .request(entry.generator(), new Look(id, entry.owner(), true), options)
                .map(reply -> reply.body() instanceof Status status ? status : Status.unknown(id))
                .recover(failure -> Future.failedFuture(explained(failure)));
    }

    /** Completes as the reply is dispatched: the messages that follow come after it in the event loop's queue. */
    private ClientGeneration adopted(Object reply, String generator, String node) {
        if (!(reply instanceof Submit submit)) {
            boolean isKept = reply instanceof Status status && status.phase() != Status.Phase.UNKNOWN;
            throw new GenerationException(isKept ? hasGuardian() : notKept());
        }
        Continuation continuation = submit.continuation();
        Guard guard =
                new Guard(setting, continuation.generationId(), submit, new Run(continuation.epoch(), generator, node));
        ClientGeneration generation = known.apply(continuation.generationId(), guard);
        generation.resume(continuation);
        if (!node.isEmpty() && !setting.nodes().knows(node)) {
            // It is gone since it has answered, and no listener was notified of this generation.
            generation.unheard(node);
        }
        return generation;
    }

    private static Failure hasGuardian() {
        return Failure.of(FailureCode.CLUSTER, "the node that has the text is not known to be gone; try again soon");
    }

    private static Failure notKept() {
        return Failure.of(FailureCode.LOST, "no node keeps the generation any more; send the request again");
    }

    private static GenerationException explained(Throwable failure) {
        if (failure instanceof GenerationException known) {
            return known;
        }
        boolean isGone = BusFailures.hasNoReceiver(failure);
        return new GenerationException(isGone ? notKept() : hasGuardian());
    }
}
