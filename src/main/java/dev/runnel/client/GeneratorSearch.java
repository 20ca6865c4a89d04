package dev.runnel.client;

import dev.runnel.message.Addresses;
import dev.runnel.message.Placement;
import dev.runnel.message.Submit;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds a generator for a submit. Without a cluster: the one on this event loop, and any other of the process if that
 * one is full. In a cluster: at most {@value #MAX_ASKED} nodes, of which this one is asked first or last. Belongs to
 * the client's context.
 */
final class GeneratorSearch {

    static final int MAX_ASKED = 3;

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

    /**
     * The generator that is asked.
     *
     * @param node its node; empty in this process
     */
    record Target(String node, String address, DeliveryOptions options) {}

    /**
     * Asks one generator.
     *
     * @param <T> what it accepts
     */
    @FunctionalInterface
    interface Question<T> {

        /** Fails with a {@link GenerationException} if it refuses, with a {@link ReplyException} if it is silent. */
        Future<T> ask(Target target, Submit submit);

        /** The node of the generator that has accepted is gone since. No listener was notified. */
        default void lost(T accepted) {}
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

    <T> Future<T> find(Submit submit, Question<T> question) {
        return find(submit, Set.of(), question);
    }

    /** @param without nodes that are not asked */
    <T> Future<T> find(Submit submit, Set<String> without, Question<T> question) {
        if (nodes.isEmpty()) {
            return askHere(submit, question);
        }
        return nodes.get().isAccepting()
                ? new Attempt<>(nodes.get(), submit, without, question).next(null)
                : Future.failedFuture(new GenerationException(tooFewMembers()));
    }

    /** Why a generation has no end. */
    static Failure nodeIsGone() {
        return Failure.of(FailureCode.LOST, "the node that generated the text is gone; try again");
    }

    static Failure tooFewMembers() {
        return Failure.of(
                FailureCode.CLUSTER, "this part of the cluster has too few members for new requests; try again soon");
    }

    private <T> Future<T> askHere(Submit submit, Question<T> question) {
        return SameLoop.generator(vertx)
                .map(near -> question.ask(new Target("", near, here), submit)
                        .recover(refusal -> isWorthAnotherTry(refusal)
                                ? question.ask(new Target("", Addresses.GENERATIONS, here), submit)
                                : Future.failedFuture(refusal)))
                .orElseGet(() -> question.ask(new Target("", Addresses.GENERATIONS, here), submit));
    }

    private static boolean isWorthAnotherTry(Throwable refusal) {
        return refusal instanceof GenerationException refused
                ? refused.failure().code() == FailureCode.FULL
                : BusFailures.hasNoReceiver(refusal);
    }

    /** One submit in a cluster. */
    private final class Attempt<T> {

        private final OtherNodes others;
        private final Submit submit;
        private final Question<T> question;
        /** Those that were asked, and those that are not asked. */
        private final Set<String> without = new HashSet<>();

        private int count;
        private boolean askedHere;

        Attempt(OtherNodes others, Submit submit, Set<String> without, Question<T> question) {
            this.others = others;
            this.submit = submit;
            this.question = question;
            this.without.addAll(without);
        }

        /** @param before why the one that was asked before did not accept; {@code null} at first */
        Future<T> next(@Nullable Throwable before) {
            if (before != null && (count == MAX_ASKED || !isOfOneNode(before))) {
                return Future.failedFuture(before);
            }
            boolean isHerePreferred = !others.spreads() || !others.hasFree(submit.model(), without);
            boolean isLast = count == MAX_ASKED - 1;
            if (!askedHere && (isHerePreferred || isLast)) {
                return nextHere();
            }
            Optional<OtherNodes.Choice> other = others.choose(submit.model(), without, random);
            if (other.isPresent()) {
                return ask(other.get());
            }
            return askedHere ? Future.failedFuture(before) : nextHere();
        }

        private Future<T> nextHere() {
            askedHere = true;
            count++;
            // A submit that another generator had accepted names the time of that node.
            return askHere(submit.withPlacement(Placement.HERE), question).recover(this::next);
        }

        private Future<T> ask(OtherNodes.Choice choice) {
            without.add(choice.node());
            count++;
            return question.ask(
                            new Target(choice.node(), choice.address(), there),
                            submit.withPlacement(choice.placement()))
                    .onComplete(answer -> others.answered(choice.node(), !BusFailures.isSilence(answer.cause())))
                    .compose(accepted -> stillThere(choice, accepted))
                    .recover(this::next);
        }

        /** Its node may be gone since it has answered. Then no listener was notified of this generation. */
        private Future<T> stillThere(OtherNodes.Choice choice, T accepted) {
            if (others.knows(choice.node())) {
                return Future.succeededFuture(accepted);
            }
            question.lost(accepted);
            return Future.failedFuture(new GenerationException(nodeIsGone()));
        }

        private boolean isOfOneNode(Throwable refusal) {
            return refusal instanceof GenerationException refused
                    ? OF_ONE_NODE.contains(refused.failure().code())
                    : refusal instanceof ReplyException;
        }
    }
}
