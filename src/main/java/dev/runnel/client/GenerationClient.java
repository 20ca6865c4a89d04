package dev.runnel.client;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.Look;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.net.OnContext;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Generates text for a verticle. A verticle instance makes one in its {@code start} and closes it in its {@code stop}.
 * The client holds one inbox for all of its generations. It belongs to the context that made it; every method is called
 * there.
 */
public final class GenerationClient {

    /** A generator answers as soon as the prompt is counted. Silence for so long means that it is gone. */
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(10);

    /** Longer than a generator of default configuration waits for an engine that it has stopped (30 s). */
    private static final Duration ACCOUNT_PATIENCE = Duration.ofSeconds(60);

    /** The failure code of the answer to an account: that run is no end. */
    private final Vertx vertx;

    private final EventBus bus;
    private final Context context;
    private final String inbox;
    private final MessageConsumer<Object> consumer;
    private final GeneratorCalls calls;
    private final KnownGenerations generations;
    private final GeneratorSearch search;
    private final OpenSubmits openSubmits;
    private final Optional<OtherNodes> nodes;
    private final Optional<Guard.Setting> guards;
    private final Optional<Adoptions> adoptions;
    private final Optional<AcknowledgedEnds> acknowledged;
    private final EndAnswers answers;
    private final RepeatedSend repeated;
    private Runnable stopListening = () -> {};

    /** Whether the inbox is registered on the bus. Checked for each message; Vert.x's own answer costs a lock. */
    private boolean registered;

    private boolean closed;
    private @Nullable FurtherReaders furtherReaders;

    /** For generators on the same event loop. */
    private final Inbox.LocalClient local = new Inbox.LocalClient() {

        @Override
        public void receive(InboxMessage message) {
            GenerationClient.this.receive(message);
        }

        @Override
        public Inbox.@Nullable Receiver known(String generationId) {
            ClientGeneration generation = generations.find(generationId);
            return generation == null ? null : message -> deliverShielded(generation, message);
        }
    };

    private GenerationClient(
            Vertx vertx, GenerationIds ids, RandomGenerator choices, Duration accountPatience, Duration submitTimeout) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.context = vertx.getOrCreateContext();
        this.inbox = Addresses.inbox(ids.instance());
        this.consumer = bus.consumer(inbox);
        this.generations = new KnownGenerations(context, accountPatience);
        this.openSubmits = OpenSubmits.of(vertx);
        this.nodes = OtherNodes.of(vertx);
        this.calls = new GeneratorCalls(vertx, nodes);
        this.repeated = new RepeatedSend(vertx);
        this.search = new GeneratorSearch(vertx, submitTimeout, choices);
        this.guards = nodes.map(others -> new Guard.Setting(context, others, search, this::ask, this::send));
        this.adoptions = guards.map(setting -> new Adoptions(vertx, inbox, setting, this::adopted));
        this.acknowledged = nodes.map(others -> new AcknowledgedEnds(vertx, others, this::publish));
        this.answers = new EndAnswers(generations, acknowledged);
    }

    /**
     * Makes a client on the calling verticle's context, with 60 s of patience for the accounts.
     *
     * @param vertx the verticle's
     * @return completes once its inbox is registered
     */
    public static Future<GenerationClient> create(Vertx vertx) {
        return create(vertx, ACCOUNT_PATIENCE);
    }

    /**
     * Makes a client on the calling verticle's context.
     *
     * @param vertx the verticle's
     * @param accountPatience a generation that has ended waits for its account ({@link ClientGeneration#settled()}) for
     *     this long at least and twice as long at most. It is longer than {@code generation.nextToken}, the time that a
     *     generator gives an engine to stop.
     * @return completes once its inbox is registered
     */
    public static Future<GenerationClient> create(Vertx vertx, Duration accountPatience) {
        return create(vertx, accountPatience, new SecureRandom());
    }

    /**
     * As {@link #create(Vertx, Duration)}, with another source of the name of its inbox.
     *
     * @param random such that the name cannot be guessed, except in a simulation
     */
    public static Future<GenerationClient> create(Vertx vertx, Duration accountPatience, RandomGenerator random) {
        return create(vertx, random, accountPatience, SUBMIT_TIMEOUT);
    }

    /**
     * As {@link #create(Vertx, Duration)}, with another bound on the time that a generator needs to answer a submit.
     */
    static Future<GenerationClient> create(Vertx vertx, Duration accountPatience, Duration submitTimeout) {
        return create(vertx, new SecureRandom(), accountPatience, submitTimeout);
    }

    private static Future<GenerationClient> create(
            Vertx vertx, RandomGenerator random, Duration accountPatience, Duration submitTimeout) {
        MessageCodecs.register(vertx.eventBus());
        var ids = new GenerationIds(random);
        // Without a cluster no generator is chosen at random.
        var choices = new SplittableRandom(OtherNodes.of(vertx).isPresent() ? random.nextLong() : 0);
        var client = new GenerationClient(vertx, ids, choices, accountPatience, submitTimeout);
        client.consumer.handler(client::receiveAny);
        // Vert.x unregisters it where the verticle is undeployed or does not start, and does not close the client.
        client.consumer.endHandler(unregistered -> client.markUnregistered());
        return client.consumer
                .completion()
                .onSuccess(registered -> client.markRegistered())
                .map(client);
    }

    private void markRegistered() {
        registered = true;
        Inbox.announce(vertx, inbox, () -> registered, local);
        stopListening = nodes.map(others -> others.listen(
                        new NodeWatch(context, inbox, generations, acknowledged.orElseThrow(), () -> furtherReaders)))
                .orElse(() -> {});
    }

    /** Nothing can arrive any more: what runs ends here, and its generators are asked to stop. */
    private void markUnregistered() {
        closed = true;
        registered = false;
        Inbox.withdraw(vertx, inbox);
        stopListening.run();
        endAll();
        generations.close();
    }

    /**
     * Requests a generation: first from the generator on this event loop, where there is one, and from any other if
     * that one is full. In a cluster, generators of other nodes are asked too, by {@code cluster.placement}.
     *
     * @param request what to generate
     * @return completes before the first delta can arrive, on the client's context; fails with a {@link
     *     GenerationException} that says why it was refused
     */
    public Future<ClientGeneration> submit(GenerationRequest request) {
        assert OnContext.check(context);
        return closed
                ? Future.failedFuture(new GenerationException(ClientFailures.closed()))
                : submit(request.submit(inbox));
    }

    /**
     * As {@link #submit(GenerationRequest)}, for a consumer that may leave before the answer.
     *
     * @param isGone whether the consumer has left; called on any thread until the answer. A generator of this process
     *     then does not prepare a prompt that has to wait
     * @return as {@link #submit(GenerationRequest)}
     */
    public Future<ClientGeneration> submit(GenerationRequest request, BooleanSupplier isGone) {
        return submit(request.submit(inbox), isGone);
    }

    /**
     * As {@link #submit(GenerationRequest, BooleanSupplier)}. A generator on another node keeps the text too, so that
     * another client can {@link #adopt} the generation after this node has died.
     *
     * @param request what to generate
     * @param isGone whether the consumer has left
     * @return as {@link #submit(GenerationRequest)}
     */
    public Future<ClientGeneration> submitResumable(GenerationRequest request, BooleanSupplier isGone) {
        return submit(request.submit(inbox).resumable(), isGone);
    }

    private Future<ClientGeneration> submit(Submit submit, BooleanSupplier isGone) {
        assert OnContext.check(context);
        if (closed) {
            return Future.failedFuture(new GenerationException(ClientFailures.closed()));
        }
        openSubmits.add(submit, isGone);
        return submit(submit).onComplete(answered -> openSubmits.remove(submit));
    }

    private Future<ClientGeneration> submit(Submit submit) {
        return search.find(submit, new Request())
                .recover(refusal -> Future.failedFuture(ClientFailures.explained(refusal)));
    }

    /**
     * Takes over a resumable generation whose client's node is gone. Its text so far is the first delta. Only in a
     * cluster.
     *
     * @param entry what the cluster knows of it, with the generator that keeps it
     * @param givenUpBy the inbox of a client that has answered that it does not have the generation any more; empty
     *     where none has
     * @return fails with a {@link GenerationException}. Its code is {@code LOST} where the generator does not keep it.
     *     It is {@code CLUSTER} where its client is not known to be gone, the generator does not answer, or there are
     *     too few members
     */
    public Future<ClientGeneration> adopt(KeptEntry entry, String givenUpBy) {
        assert OnContext.check(context);
        return closed
                ? Future.failedFuture(new GenerationException(ClientFailures.closed()))
                : adoptions.orElseThrow().adopt(entry, givenUpBy);
    }

    /**
     * Looks at a resumable generation whose client's node is gone. It does not change: no client becomes its consumer.
     * Only in a cluster.
     *
     * @param entry of the cluster's map, with the generator that runs it, or has run it
     * @return with the text, if the generator knows that the client's node is gone; fails with a
     *     {@link GenerationException} if the generator does not answer
     */
    public Future<Status> lookAtKept(KeptEntry entry) {
        assert OnContext.check(context);
        return closed
                ? Future.failedFuture(new GenerationException(ClientFailures.closed()))
                : adoptions.orElseThrow().look(entry);
    }

    /**
     * The address of its inbox.
     *
     * @return see {@link Addresses#inbox}
     */
    public String inbox() {
        return inbox;
    }

    /**
     * Passes on what the inbox receives besides messages of this client's own generations.
     *
     * @param readers receives it, in place of an earlier one
     */
    public void serve(FurtherReaders readers) {
        assert OnContext.check(context);
        furtherReaders = readers;
    }

    /**
     * Ends any generation of the service, for a guard: a verticle that reads {@link Addresses#DELTAS}.
     *
     * @param generationId {@code gen_…}
     * @param cause {@code FILTERED} ends all its streams with {@code content_filter}, {@code DELETED} with {@code
     *     cancelled}
     * @return whether the generation was known. In a cluster it fails with a {@link GenerationException} of code
     *     {@code CLUSTER} if none knows it and one does not answer in time
     */
    public Future<Boolean> cancel(String generationId, Cancel.Cause cause) {
        assert OnContext.check(context);
        return calls.cancel(new Cancel(generationId, cause));
    }

    /**
     * Ends a generation of one owner: open streams end with {@code cancelled}.
     *
     * @param generationId what may be the id of a generation
     * @param owner issuer and subject of the key that asks, see {@link Look}
     * @return whether the generation was known, for this owner; fails as {@link #cancel}
     */
    public Future<Boolean> delete(String generationId, String owner) {
        assert OnContext.check(context);
        return calls.cancel(new Cancel(generationId, Cancel.Cause.DELETED, owner));
    }

    /**
     * How far a running generation is.
     *
     * @param generationId what may be the id of a generation
     * @param owner issuer and subject of the key that asks, see {@link Look}
     * @return of phase {@code UNKNOWN} if no such generation of this owner runs; fails as {@link #cancel}
     */
    public Future<Status> look(String generationId, String owner) {
        assert OnContext.check(context);
        return calls.look(new Look(generationId, owner));
    }

    /**
     * Ends with {@code DRAINING} what runs on other nodes, as this process stops. The generators of this process end
     * the rest. A generation with further readers runs on.
     *
     * @return how many generations and texts had no end before
     */
    public int cut() {
        assert OnContext.check(context);
        int texts = furtherReaders == null ? 0 : furtherReaders.cut();
        return texts + generations.cut(Failure.draining());
    }

    /**
     * Cancels what runs and unregisters the inbox. Accounts that have not come yet fail. A second call has no effect.
     *
     * @return completes once the inbox is unregistered and no account is awaited
     */
    public Future<Void> close() {
        assert OnContext.check(context);
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        registered = false;
        endAll();
        return consumer.unregister().andThen(unregistered -> generations.close());
    }

    private void endAll() {
        if (furtherReaders != null) {
            furtherReaders.cut();
        }
        generations.forEachRunning(ClientGeneration::cancel);
        if (furtherReaders != null) {
            furtherReaders.closed();
        }
    }

    /** A generator that is gone has nothing to cancel. */
    private void send(String address, Cancel cancel) {
        if (nodes.isEmpty() || SameLoop.isHere(vertx, address)) {
            bus.send(address, cancel, new DeliveryOptions().setLocalOnly(nodes.isPresent()));
        } else {
            repeated.send(address, cancel);
        }
    }

    /** Asks for a new generation. */
    private final class Request implements GeneratorSearch.Question<ClientGeneration> {

        @Override
        public Future<ClientGeneration> ask(GeneratorSearch.Target target, Submit submit) {
            return GenerationClient.this.ask(target, submit).map(accepted -> accepted(accepted, target, submit));
        }

        @Override
        public void lost(ClientGeneration generation) {
            generation.discard();
        }
    }

    /** Completes as the reply is dispatched: the first delta comes after it in the event loop's queue. */
    private Future<Accepted> ask(GeneratorSearch.Target target, Submit submit) {
        return bus.request(target.address(), submit, target.options()).map(GenerationClient::accepted);
    }

    private static Accepted accepted(Message<Object> reply) {
        if (reply.body() instanceof Accepted accepted) {
            return accepted;
        }
        if (reply.body() instanceof Failed refused) {
            throw new GenerationException(refused.failure());
        }
        throw new GenerationException(Failure.of(FailureCode.LOST, "the generator's answer was not understood"));
    }

    private ClientGeneration accepted(Accepted accepted, GeneratorSearch.Target target, Submit submit) {
        String id = accepted.generationId();
        if (closed) {
            send(accepted.generator(), new Cancel(id, Cancel.Cause.CONSUMER_GONE));
            throw new GenerationException(ClientFailures.closed());
        }
        // A generator of this process ends with its client.
        Guard guard = target.node().isEmpty()
                ? null
                : guards.map(setting -> new Guard(setting, id, submit, new Run(0, accepted.generator(), target.node())))
                        .orElse(null);
        return known(id, guard, cancel -> send(accepted.generator(), cancel));
    }

    private ClientGeneration adopted(String id, Guard guard) {
        if (closed) {
            guard.cancel(Cancel.Cause.CONSUMER_GONE);
            guard.release();
            throw new GenerationException(ClientFailures.closed());
        }
        return known(id, guard, cancel -> {});
    }

    /** @param cancels sends to the generator, without a guard */
    private ClientGeneration known(String id, @Nullable Guard guard, Consumer<Cancel> cancels) {
        var generation = new ClientGeneration(id, new DeltaStream(context), cancels, guard, new Known(id));
        generations.add(generation);
        return generation;
    }

    /** One generation among those that are known. */
    private final class Known implements Settling.Listener {

        private final String id;

        Known(String id) {
            this.id = id;
        }

        @Override
        public void ended() {
            generations.ended(id);
        }

        @Override
        public void settled() {
            generations.settled(id);
        }

        @Override
        public void publish(Ended ended) {
            GenerationClient.this.publish(ended);
        }
    }

    private void publish(Ended ended) {
        generations.published(ended.generationId());
        bus.publish(Addresses.ENDED, ended);
        nodes.ifPresent(others -> others.published(ended));
    }

    private void receiveAny(Message<Object> message) {
        if (message.body() instanceof Ended end && message.replyAddress() != null) {
            answers.receive(message, end, this::receive);
        } else if (message.body() instanceof InboxMessage known) {
            receive(known);
        } else if (furtherReaders != null) {
            furtherReaders.receive(message);
        }
    }

    private boolean isForFurtherReader(InboxMessage message) {
        return furtherReaders != null && furtherReaders.receive(message);
    }

    private void receive(InboxMessage message) {
        assert OnContext.check(context);
        ClientGeneration generation = generations.find(message.generationId());
        if (generation != null) {
            generation.receive(message);
        } else if (isForFurtherReader(message)) {
            return;
        } else if (isFirstPiece(message)) {
            cancelUnclaimed(message);
        }
    }

    private static boolean isFirstPiece(InboxMessage message) {
        return (message instanceof Delta || message instanceof Part) && ((NumberedMessage) message).sequence() == 0;
    }

    /** An exception of one of this client's readers does not reach the generator that called it. */
    private void deliverShielded(ClientGeneration generation, InboxMessage message) {
        try {
            generation.receive(message);
        } catch (RuntimeException | Error e) {
            context.runOnContext(turn -> {
                throw e;
            });
        }
    }

    /**
     * A first piece of an unknown generation belongs to one that was accepted after its submit had been given up. Later
     * pieces of cancelled generations are on their way for a moment and need no answer.
     */
    private void cancelUnclaimed(InboxMessage message) {
        String id = message.generationId();
        GenerationIds.home(id)
                .ifPresent(home -> send(Addresses.generator(home), new Cancel(id, Cancel.Cause.CONSUMER_GONE)));
    }
}
