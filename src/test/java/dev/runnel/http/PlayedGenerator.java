package dev.runnel.http;

import static dev.runnel.message.Ended.Durations.NONE;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Cancelled;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Look;
import dev.runnel.message.Part;
import dev.runnel.message.Status;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A generator whose every word a test says. */
public final class PlayedGenerator {

    private final Vertx vertx;
    private final GenerationIds ids = new GenerationIds(new SecureRandom());
    private final BlockingQueue<Message<Submit>> submits = new LinkedBlockingQueue<>();
    private final BlockingQueue<Cancel> cancels = new LinkedBlockingQueue<>();
    private final Map<String, Play> running = new ConcurrentHashMap<>();
    private volatile Status.Phase phase = Status.Phase.RUNNING;

    public PlayedGenerator(Vertx vertx) {
        this.vertx = vertx;
    }

    public PlayedGenerator start() throws Exception {
        MessageCodecs.register(vertx.eventBus());
        vertx.eventBus()
                .<Submit>consumer(Addresses.GENERATIONS, submits::add)
                .completion()
                .await(5, TimeUnit.SECONDS);
        vertx.eventBus()
                .<Object>consumer(Addresses.generator(ids.instance()), this::receive)
                .completion()
                .await(5, TimeUnit.SECONDS);
        return this;
    }

    private void receive(Message<Object> message) {
        if (message.body() instanceof Look look) {
            Play play = running.get(look.generationId());
            message.reply(
                    play != null && play.submit.origin().owner().equals(look.owner())
                            ? new Status(look.generationId(), phase, play.submit.model(), 1, play.submit.inbox())
                            : Status.unknown(look.generationId()));
        } else if (message.body() instanceof Cancel cancel) {
            Play play = running.get(cancel.generationId());
            boolean known = play != null
                    && (cancel.owner().isEmpty() || play.submit.origin().owner().equals(cancel.owner()));
            if (message.replyAddress() != null) {
                message.reply(new Cancelled(cancel.generationId(), known));
            }
            if (known || message.replyAddress() == null) {
                cancels.add(cancel);
            }
        }
    }

    /** The phase in which every generation is seen. */
    void phase(Status.Phase seen) {
        phase = seen;
    }

    /** How many submits wait for an answer. */
    int waitingSubmits() {
        return submits.size();
    }

    /** Waits for a submit and leaves it unanswered. */
    public Message<Submit> submit() throws InterruptedException {
        return taken(submits);
    }

    /** Waits for a submit and takes it. */
    public Play accept() throws InterruptedException {
        return accept(submit());
    }

    public Play accept(Message<Submit> submit) {
        String id = ids.next();
        Play play = new Play(id, submit.body());
        running.put(id, play);
        submit.reply(new Accepted(id, Addresses.generator(ids.instance())));
        return play;
    }

    /** Waits for a submit and refuses it. */
    public Submit refuse(Failure failure) throws InterruptedException {
        Message<Submit> submit = submit();
        submit.reply(new Failed("", 0, failure));
        return submit.body();
    }

    /** Waits for a cancel. */
    public Cancel cancel() throws InterruptedException {
        return taken(cancels);
    }

    /** Waits for a cancel of one generation, and drops those of others. */
    Cancel cancel(Play play) throws InterruptedException {
        Cancel next = cancel();
        while (!next.generationId().equals(play.id())) {
            next = cancel();
        }
        return next;
    }

    boolean heardNoCancel(Play play) {
        return cancels.stream().noneMatch(cancel -> cancel.generationId().equals(play.id()));
    }

    public boolean heardNoCancel() {
        return cancels.isEmpty();
    }

    private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /** One generation that was taken. */
    public final class Play {

        private final String id;
        private final Submit submit;
        private long sequence;

        Play(String id, Submit submit) {
            this.id = id;
            this.submit = submit;
        }

        public String id() {
            return id;
        }

        public Submit submit() {
            return submit;
        }

        public Play say(String text) {
            vertx.eventBus().send(submit.inbox(), new Delta(id, sequence++, EscapedText.of(text), 1));
            return this;
        }

        /** Sends what is not text. */
        public Play add(PartKind kind, String json) {
            vertx.eventBus().send(submit.inbox(), new Part(id, sequence++, kind, json, 1));
            return this;
        }

        /** Sends reasoning. */
        public Play think(String thought) {
            return add(PartKind.REASONING_CONTENT, EscapedText.of(thought).json());
        }

        public void finish() {
            finish(FinishReason.STOP, new Usage(4, (int) sequence, false));
        }

        public void finish(FinishReason reason, Usage usage) {
            running.remove(id);
            vertx.eventBus().send(submit.inbox(), new Finished(id, sequence++, reason, usage));
        }

        /** Sends what it used to the inbox and publishes it, as a generator does when the engine has stopped. */
        public void account(Usage usage) {
            var ended = new Ended(
                    id,
                    submit.origin().caller(),
                    submit.origin().keyId(),
                    submit.origin().requestId(),
                    submit.model(),
                    usage,
                    Ended.Outcome.FAILED,
                    null,
                    sequence,
                    new Ended.Durations(0, NONE, 0, NONE, NONE, NONE));
            vertx.eventBus().send(submit.inbox(), ended);
            vertx.eventBus().publish(Addresses.ENDED, ended);
        }

        public void fail(Failure failure) {
            running.remove(id);
            vertx.eventBus().send(submit.inbox(), new Failed(id, sequence++, failure));
        }
    }
}
