package dev.runnel.client;

import dev.runnel.message.Addresses;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds a generator for a submit. Without a cluster: the one on this event loop, and any other of the process if that
 * one is full. In a cluster: at most {@value #MOST_ASKED} nodes, of which this one is asked first or last. Belongs to
 * the client's context.
 */
final class GeneratorSearch {

    static final int MOST_ASKED = 3;

    /** A node that does not answer for so long is not waited for. */
    private static final Duration OTHER_NODE_ANSWERS = Duration.ofSeconds(2);

    /** Refusals that say nothing about another node. */
    private static final Set<FailureCode> OF_ONE_NODE = EnumSet.of(
            FailureCode.FULL,
            FailureCode.DRAINING,
            FailureCode.MODEL_UNAVAILABLE,
            FailureCode.UNKNOWN_MODEL,
            FailureCode.QUEUE_TIMEOUT,
            FailureCode.CLUSTER,
            FailureCode.LOST);

    private final Vertx vertx;
    private final Optional<OtherNodes> nodes;
    private final RandomGenerator random;
    private final DeliveryOptions here;
    private final DeliveryOptions there;

    /** Asks one generator. */
    @FunctionalInterface
    interface Question {

        /** Fails with a {@link GenerationException} if it refuses, with a {@link ReplyException} if it is silent. */
        Future<ClientGeneration> ask(String address, Submit submit, DeliveryOptions options);
    }

    /** @param answers how long a generator of this process may need to answer */
    GeneratorSearch(Vertx vertx, Duration answers, RandomGenerator random) {
        this.vertx = vertx;
        this.nodes = OtherNodes.of(vertx);
        this.random = random;
        // In a cluster, the addresses of this process need no look-up in the cluster's map.
        this.here = new DeliveryOptions().setSendTimeout(answers.toMillis()).setLocalOnly(nodes.isPresent());
        this.there = new DeliveryOptions().setSendTimeout(OTHER_NODE_ANSWERS.toMillis());
    }

    Future<ClientGeneration> find(Submit submit, Question question) {
        if (nodes.isEmpty()) {
            return askHere(submit, question);
        }
        return nodes.get().isAccepting()
                ? new Attempt(nodes.get(), submit, question).next(null)
                : Future.failedFuture(new GenerationException(tooFewMembers()));
    }

    private static Failure tooFewMembers() {
        return Failure.of(
                FailureCode.CLUSTER, "this part of the cluster has too few members for new requests; try again soon");
    }

    private Future<ClientGeneration> askHere(Submit submit, Question question) {
        return SameLoop.generator(vertx)
                .map(near -> question.ask(near, submit, here)
                        .recover(refusal -> isWorthAnotherTry(refusal)
                                ? question.ask(Addresses.GENERATIONS, submit, here)
                                : Future.failedFuture(refusal)))
                .orElseGet(() -> question.ask(Addresses.GENERATIONS, submit, here));
    }

    private static boolean isWorthAnotherTry(Throwable refusal) {
        return refusal instanceof GenerationException refused
                ? refused.failure().code() == FailureCode.FULL
                : refusal instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    /** One submit in a cluster. */
    private final class Attempt {

        private final OtherNodes others;
        private final Submit submit;
        private final Question question;
        private final Set<String> asked = new HashSet<>();
        private boolean askedHere;

        Attempt(OtherNodes others, Submit submit, Question question) {
            this.others = others;
            this.submit = submit;
            this.question = question;
        }

        /** @param before why the one that was asked before did not accept; {@code null} at first */
        Future<ClientGeneration> next(@Nullable Throwable before) {
            int count = asked.size() + (askedHere ? 1 : 0);
            if (before != null && (count == MOST_ASKED || !isOfOneNode(before))) {
                return Future.failedFuture(before);
            }
            boolean isHerePreferred = !others.spreads() || !others.hasFree(submit.model(), asked);
            boolean isLast = count == MOST_ASKED - 1;
            if (!askedHere && (isHerePreferred || isLast)) {
                return nextHere();
            }
            Optional<OtherNodes.Choice> other = others.choose(submit.model(), asked, random);
            if (other.isPresent()) {
                return ask(other.get());
            }
            return askedHere ? Future.failedFuture(before) : nextHere();
        }

        private Future<ClientGeneration> nextHere() {
            askedHere = true;
            return askHere(submit, question).recover(this::next);
        }

        private Future<ClientGeneration> ask(OtherNodes.Choice choice) {
            asked.add(choice.node());
            return question.ask(choice.address(), submit.withPlacement(choice.placement()), there)
                    .compose(generation -> stillThere(choice, generation))
                    .recover(this::next);
        }

        /** Its node may be gone since it has answered. Then no listener was notified of this generation. */
        private Future<ClientGeneration> stillThere(OtherNodes.Choice choice, ClientGeneration generation) {
            if (others.knows(choice.node())) {
                return Future.succeededFuture(generation);
            }
            generation.lost();
            return Future.failedFuture(new GenerationException(ClientGeneration.nodeIsGone()));
        }

        private boolean isOfOneNode(Throwable refusal) {
            return refusal instanceof GenerationException refused
                    ? OF_ONE_NODE.contains(refused.failure().code())
                    : refusal instanceof ReplyException;
        }
    }
}
