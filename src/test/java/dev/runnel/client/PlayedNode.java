package dev.runnel.client;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Adopt;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Heartbeat;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Look;
import dev.runnel.message.ModelPlaces;
import dev.runnel.message.Origin;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node of a cluster with one generator, which the test plays. */
final class PlayedNode {

    static final Usage USAGE = new Usage(1, 9, false);

    private final Vertx vertx;
    private final OtherNodes nodes;
    private final String name;
    private final GenerationIds ids = new GenerationIds(new SecureRandom());
    private final BlockingQueue<Message<Object>> submits = new LinkedBlockingQueue<>();
    private final BlockingQueue<Cancel> cancels = new LinkedBlockingQueue<>();

    /** The ids of what runs here. */
    private final Set<String> runs = ConcurrentHashMap.newKeySet();

    private PlayedNode(Vertx vertx, OtherNodes nodes, String name) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.name = name;
    }

    /** A node that was heard. */
    static PlayedNode start(Vertx vertx, OtherNodes nodes, String name) throws Exception {
        var node = new PlayedNode(vertx, nodes, name);
        vertx.eventBus().consumer(node.address(), node::receive).completion().await(5, TimeUnit.SECONDS);
        node.heard();
        return node;
    }

    private void receive(Message<Object> message) {
        if (message.body() instanceof Cancel cancel) {
            cancels.add(cancel);
            if (message.replyAddress() != null) {
                message.reply(new Cancelled(cancel.generationId(), runs.contains(cancel.generationId())));
            }
        } else if (message.body() instanceof Look look) {
            boolean isKnown = runs.contains(look.generationId());
            message.reply(
                    isKnown
                            ? new Status(look.generationId(), Status.Phase.RUNNING, "story", 4, address())
                            : Status.unknown(look.generationId()));
        } else {
            submits.add(message);
        }
    }

    String address() {
        return Addresses.generator(ids.instance());
    }

    String name() {
        return name;
    }

    void heard() {
        List<ModelPlaces> places = List.of(new ModelPlaces("story", true, 100));
        nodes.heard(new Heartbeat(name, 1, 1, "secret", nodes.clockMillis(), List.of(address()), places));
    }

    void gone() {
        runs.clear();
        nodes.gone(name);
    }

    /** A run that was accepted. */
    final class Run {

        private final String id;
        private final Submit submit;

        private Run(String id, Submit submit) {
            this.id = id;
            this.submit = submit;
            runs.add(id);
        }

        String id() {
            return id;
        }

        Submit submit() {
            return submit;
        }

        int epoch() {
            return submit.continuation().epoch();
        }

        void send(InboxMessage message) {
            vertx.eventBus().send(submit.inbox(), message);
        }

        void say(long sequence, String text, Integer... tokenIds) {
            send(new Delta(id, sequence, EscapedText.of(text), 1, epoch(), TokenIds.of(List.of(tokenIds))));
        }

        void finish(long sequence) {
            send(new Finished(id, sequence, FinishReason.STOP, USAGE, epoch()));
        }

        void account() {
            send(ended());
        }

        Ended ended() {
            return new Ended(
                    id, "", "", "", "story", USAGE, Ended.Outcome.STOP, null, 3, Ended.Durations.ZERO, epoch());
        }

        /** Waits with the publication of the account for the answer, and confirms it after that. */
        Message<Object> deliverAccount() throws Exception {
            var options = new DeliveryOptions().addHeader(Ended.CONFIRMS, "");
            return vertx.eventBus().request(submit.inbox(), ended(), options).await(20, TimeUnit.SECONDS);
        }

        void fail(long sequence, Failure failure) {
            send(new Failed(id, sequence, failure, epoch()));
        }
    }

    private Message<Object> next() throws InterruptedException {
        Message<Object> message = submits.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing was submitted to " + name);
        }
        return message;
    }

    /** Accepts the next submit of a generation that goes on, after it has sent a text. */
    Run acceptAfter(String text) throws InterruptedException {
        Message<Object> message = next();
        Submit submit = (Submit) message.body();
        Run run = new Run(submit.continuation().generationId(), submit);
        run.say(submit.continuation().sequence(), text);
        message.reply(new Accepted(run.id(), address()));
        return run;
    }

    /** Accepts the next submit: a new generation, or one that goes on. */
    Run accept() throws InterruptedException {
        Message<Object> message = next();
        Submit submit = (Submit) message.body();
        String id = submit.continuation().isPresent() ? submit.continuation().generationId() : ids.next();
        message.reply(new Accepted(id, address()));
        return new Run(id, submit);
    }

    /** Gives a generation to the client that asks for it. */
    Run handOver(Continuation continuation) throws InterruptedException {
        Message<Object> message = next();
        var turns = List.of(Turn.user("x"));
        String inbox = ((Adopt) message.body()).inbox();
        Submit submit = new Submit("story", turns, Sampling.UNSET, 9, false, "", Origin.NO_KEY, inbox)
                .withContinuation(continuation);
        message.reply(submit);
        return new Run(continuation.generationId(), submit);
    }

    /** Does not give a generation to the client that asks for it. */
    void keep(Status status) throws InterruptedException {
        next().reply(status);
    }

    /** Accepts the next submit under another id, as a release does that knows no continuation. */
    Run acceptAnew() throws InterruptedException {
        Message<Object> message = next();
        String id = ids.next();
        message.reply(new Accepted(id, address()));
        return new Run(id, (Submit) message.body());
    }

    /** Refuses the next submit; returns it. */
    Submit refuse(Failure failure) throws InterruptedException {
        Message<Object> message = next();
        message.reply(new Failed("", 0, failure));
        return (Submit) message.body();
    }

    /** How many submits wait for an answer. */
    int cancels() {
        return cancels.size();
    }

    int waiting() {
        return submits.size();
    }

    boolean isCancelled() {
        return !cancels.isEmpty();
    }

    Cancel cancelled() throws InterruptedException {
        Cancel cancel = cancels.poll(20, TimeUnit.SECONDS);
        if (cancel == null) {
            throw new AssertionError("nothing was cancelled at " + name);
        }
        return cancel;
    }
}
