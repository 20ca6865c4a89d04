package dev.runnel.http;

import static dev.runnel.message.Ended.Durations.NONE;

import dev.runnel.message.Accepted;
import dev.runnel.message.Addresses;
import dev.runnel.message.Cancel;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.GenerationIds;
import dev.runnel.message.Submit;
import dev.runnel.message.codec.MessageCodecs;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.security.SecureRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A generator whose every word a test says. */
public final class PlayedGenerator {

    private final Vertx vertx;
    private final GenerationIds ids = new GenerationIds(new SecureRandom());
    private final BlockingQueue<Message<Submit>> submits = new LinkedBlockingQueue<>();
    private final BlockingQueue<Cancel> cancels = new LinkedBlockingQueue<>();

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
                .<Cancel>consumer(Addresses.generator(ids.instance()), message -> cancels.add(message.body()))
                .completion()
                .await(5, TimeUnit.SECONDS);
        return this;
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
        submit.reply(new Accepted(id, Addresses.generator(ids.instance())));
        return new Play(id, submit.body());
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

        public void finish() {
            finish(FinishReason.STOP, new Usage(4, (int) sequence, false));
        }

        public void finish(FinishReason reason, Usage usage) {
            vertx.eventBus().send(submit.inbox(), new Finished(id, sequence++, reason, usage));
        }

        /** Sends what it used to the inbox and publishes it, as a generator does when the engine has stopped. */
        void account(Usage usage) {
            var ended = new Ended(
                    id,
                    submit.caller(),
                    submit.keyId(),
                    submit.requestId(),
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
            vertx.eventBus().send(submit.inbox(), new Failed(id, sequence++, failure));
        }
    }
}
