package dev.runnel.client;

import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Look;
import dev.runnel.message.Status;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Asks the generator that an id names about its generation. In a cluster that one may have been left: then all others
 * are asked.
 */
final class GeneratorCalls {

    /** A generator answers within one turn of its event loop. */
    private static final long TIMEOUT_MILLIS = 2_000;

    private static final Failure SILENT = Failure.of(
            FailureCode.CLUSTER, "generation: a node that may run it does not answer in time; try again in 5 s");

    private final Vertx vertx;
    private final Optional<OtherNodes> nodes;
    private final DeliveryOptions options = new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS);

    /** @param nodes empty without a cluster */
    GeneratorCalls(Vertx vertx, Optional<OtherNodes> nodes) {
        this.vertx = vertx;
        this.nodes = nodes;
    }

    /**
     * A kind of question.
     *
     * @param unknown the answer of a generator that does not know the generation, or is gone with its generations
     */
    private record Question<R>(String id, Record message, Class<R> type, R unknown, Predicate<R> isKnown) {}

    /** Whether the generation was known. */
    Future<Boolean> cancel(Cancel cancel) {
        if (nodes.isPresent() && nodes.get().sought().cancel(cancel)) {
            return Future.succeededFuture(true);
        }
        String id = cancel.generationId();
        return call(new Question<>(id, cancel, Cancelled.class, new Cancelled(id, false), Cancelled::known))
                .map(Cancelled::known);
    }

    Future<Status> look(Look look) {
        String id = look.generationId();
        return call(new Question<>(
                id, look, Status.class, Status.unknown(id), status -> status.phase() != Status.Phase.UNKNOWN));
    }

    private <R> Future<R> call(Question<R> question) {
        return GenerationIds.home(question.id())
                .map(Addresses::generator)
                .map(home -> ask(home, question).transform(answer -> elsewhere(home, question, answer)))
                .orElseGet(() -> Future.succeededFuture(question.unknown()));
    }

    /** Fails where the generator does not answer in time. */
    private <R> Future<R> ask(String generator, Question<R> question) {
        return vertx.eventBus()
                .request(generator, question.message(), options)
                .map(reply -> question.type().isInstance(reply.body())
                        ? question.type().cast(reply.body())
                        : question.unknown())
                .recover(failure -> failure instanceof ReplyException && !BusFailures.isSilence(failure)
                        ? Future.succeededFuture(question.unknown())
                        : Future.failedFuture(failure));
    }

    /**
     * Completes with the first generator that knows the generation, or when all have answered. One that is silent may
     * know it.
     */
    private <R> Future<R> elsewhere(String home, Question<R> question, AsyncResult<R> answer) {
        if (answer.succeeded() && question.isKnown().test(answer.result())) {
            return Future.succeededFuture(answer.result());
        }
        if (nodes.isEmpty()) {
            return answer.failed() && !(answer.cause() instanceof ReplyException)
                    ? Future.failedFuture(answer.cause())
                    : Future.succeededFuture(question.unknown());
        }
        Promise<R> found = Promise.promise();
        List<Future<R>> answers = others(home).stream()
                .map(other -> ask(other, question).onSuccess(its -> {
                    if (question.isKnown().test(its)) {
                        found.tryComplete(its);
                    }
                }))
                .toList();
        Future.join(answers).onComplete(all -> {
            if (answer.failed() || all.failed()) {
                found.tryFail(new GenerationException(SILENT));
            } else {
                found.tryComplete(question.unknown());
            }
        });
        return found.future();
    }

    private Set<String> others(String home) {
        Set<String> others = new HashSet<>(nodes.orElseThrow().generators());
        others.addAll(SameLoop.all(vertx));
        others.remove(home);
        return others;
    }
}
