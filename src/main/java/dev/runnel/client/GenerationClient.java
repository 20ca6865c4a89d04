package dev.runnel.client;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Failed;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MessageCodecs;
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
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a verticle generates text. One per verticle instance, made in its {@code start} and closed in its {@code stop}: it
 * holds one inbox for all of its generations. Belongs to the context it was made on; every method is called there.
 */
public final class GenerationClient {

    /** A generator answers as soon as the prompt is counted; silence for so long means that it is gone. */
    private static final long SUBMIT_TIMEOUT_MILLIS = 10_000;

    private final Vertx vertx;
    private final EventBus bus;
    private final Context context;
    private final String inbox;
    private final MessageConsumer<InboxMessage> consumer;
    private final Map<String, ClientGeneration> generations = new HashMap<>();
    private final DeliveryOptions submitOptions;

    /** Whether the inbox is registered on the bus; asked for each message, and Vert.x takes a lock to say. */
    private boolean hears;

    private boolean closed;

    /** For generators on the same event loop. */
    private final Inbox.Client door = new Inbox.Client() {

        @Override
        public void receive(InboxMessage message) {
            GenerationClient.this.receive(message);
        }

        @Override
        public @Nullable ClientGeneration known(String generationId) {
            return generations.get(generationId);
        }

        /** What a reader of this client's throws is its own, and not the generator's. */
        @Override
        public void receive(ClientGeneration known, InboxMessage message) {
            try {
                known.receive(message);
            } catch (RuntimeException | Error e) {
                context.runOnContext(turn -> {
                    throw e;
                });
            }
        }
    };

    private GenerationClient(Vertx vertx, String instance, long submitTimeoutMillis) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.context = vertx.getOrCreateContext();
        this.inbox = Addresses.inbox(instance);
        this.consumer = bus.consumer(inbox);
        this.submitOptions = new DeliveryOptions().setSendTimeout(submitTimeoutMillis);
    }

    /** Makes a client on the calling verticle's context; completes once its inbox hears. */
    public static Future<GenerationClient> create(Vertx vertx) {
        return create(vertx, SUBMIT_TIMEOUT_MILLIS);
    }

    /** As {@link #create(Vertx)}, with another bound on how long a generator may take to answer a submit. */
    static Future<GenerationClient> create(Vertx vertx, long submitTimeoutMillis) {
        MessageCodecs.register(vertx.eventBus());
        String instance = new GenerationIds(new SecureRandom()).instance();
        var client = new GenerationClient(vertx, instance, submitTimeoutMillis);
        client.consumer.handler(message -> client.receive(message.body()));
        // Vert.x unregisters it where the verticle is undeployed or does not start, and nobody closes the client.
        client.consumer.endHandler(unregistered -> client.unheard());
        return client.consumer.completion().onSuccess(heard -> client.heard()).map(client);
    }

    private void heard() {
        hears = true;
        Inbox.announce(vertx, inbox, () -> hears, door);
    }

    private void unheard() {
        hears = false;
        Inbox.withdraw(vertx, inbox);
    }

    /**
     * Asks for a generation: the generator on this event loop first, where there is one, and any other if that is full.
     *
     * @return completes before the first delta can come, on the client's context; fails with a {@link GenerationException}
     *     that says why it was refused
     */
    public Future<ClientGeneration> submit(GenerationRequest request) {
        if (closed) {
            return Future.failedFuture(new GenerationException(closed()));
        }
        Submit submit = request.submit(inbox);
        return SameLoop.generator(vertx)
                .map(near -> ask(near, submit)
                        .recover(refusal -> isWorthAnotherTry(refusal)
                                ? ask(Addresses.GENERATIONS, submit)
                                : Future.failedFuture(refusal)))
                .orElseGet(() -> ask(Addresses.GENERATIONS, submit))
                .recover(refusal -> Future.failedFuture(explained(refusal)));
    }

    /** The address of its inbox. */
    String inbox() {
        return inbox;
    }

    /** Cancels what runs and unregisters the inbox. Idempotent. */
    public Future<Void> close() {
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        hears = false;
        List.copyOf(generations.values()).forEach(ClientGeneration::cancel);
        return consumer.unregister();
    }

    /** Sends without an answer; whoever is not there any more needs none. */
    void send(String address, Cancel cancel) {
        bus.send(address, cancel);
    }

    void forget(String generationId) {
        generations.remove(generationId);
    }

    private Future<ClientGeneration> ask(String address, Submit submit) {
        return bus.request(address, submit, submitOptions).map(this::taken);
    }

    private static boolean isWorthAnotherTry(Throwable refusal) {
        return refusal instanceof GenerationException refused
                ? refused.failure().code() == FailureCode.FULL
                : refusal instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    /** Runs as the reply is dispatched: the first delta stands behind it in the event loop's queue. */
    private ClientGeneration taken(Message<Object> reply) {
        if (reply.body() instanceof Accepted accepted) {
            return taken(accepted);
        }
        if (reply.body() instanceof Failed refused) {
            throw new GenerationException(refused.failure());
        }
        throw new GenerationException(Failure.of(FailureCode.LOST, "the generator's answer was not understood"));
    }

    private ClientGeneration taken(Accepted accepted) {
        if (closed) {
            send(accepted.generator(), new Cancel(accepted.generationId(), Cancel.Cause.CONSUMER_GONE));
            throw new GenerationException(closed());
        }
        var generation = new ClientGeneration(this, accepted, new DeltaStream(context));
        generations.put(accepted.generationId(), generation);
        return generation;
    }

    private static Failure closed() {
        return Failure.of(FailureCode.CANCELLED, "the client of the generation is closed");
    }

    private static GenerationException explained(Throwable refusal) {
        if (refusal instanceof GenerationException known) {
            return known;
        }
        boolean nobodyThere =
                refusal instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
        return new GenerationException(
                nobodyThere
                        ? new Failure(FailureCode.MODEL_UNAVAILABLE, "no generator is running; try again soon", null, 1)
                        : Failure.of(FailureCode.LOST, "the generator did not answer; try again"));
    }

    private void receive(InboxMessage message) {
        ClientGeneration generation = generations.get(message.generationId());
        if (generation != null) {
            generation.receive(message);
        } else if (message instanceof Delta && message.sequence() == 0) {
            cancelUnclaimed(message.generationId());
        }
    }

    /**
     * A first delta that nobody waits for belongs to a generation that was accepted after its submit had been given up.
     * Later ones of cancelled generations are on their way for a moment and need no answer.
     */
    private void cancelUnclaimed(String generationId) {
        GenerationIds.home(generationId)
                .ifPresent(
                        home -> send(Addresses.generator(home), new Cancel(generationId, Cancel.Cause.CONSUMER_GONE)));
    }
}
