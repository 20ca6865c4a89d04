package dev.runnel.resume;

import dev.runnel.client.RepeatedSend;
import dev.runnel.message.Attach;
import dev.runnel.message.Detach;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;

/** The messages to the guardians of other inboxes, for the readers at one inbox. Belongs to its context. */
final class AttachCalls {

    private final Vertx vertx;
    private final String inbox;
    private final String node;
    private final DeliveryOptions options;
    private final RepeatedSend repeated;
    private long lastReader;

    /** @param options of a message that is to be answered */
    AttachCalls(Vertx vertx, String inbox, String node, DeliveryOptions options) {
        this.vertx = vertx;
        this.inbox = inbox;
        this.node = node;
        this.options = options;
        this.repeated = new RepeatedSend(vertx);
    }

    /** The number of a new reader. */
    long nextReader() {
        return ++lastReader;
    }

    /** Asks a guardian in this process. */
    Future<Message<Object>> attach(KeptGeneration kept, long reader) {
        return ask(kept, new Attach(kept.id(), kept.facts().owner(), inbox, reader, "", false, 0));
    }

    /** Asks a guardian on another node. */
    Future<Message<Object>> attach(TextCopy copy, long reader, boolean isLook) {
        KeptGeneration kept = copy.kept();
        return ask(kept, new Attach(kept.id(), kept.facts().owner(), inbox, reader, node, isLook, copy.number()));
    }

    private Future<Message<Object>> ask(KeptGeneration kept, Attach attach) {
        return vertx.eventBus()
                .request(kept.facts().guardian(), attach, options)
                .recover(silence -> Future.failedFuture(AttachException.ofSilence(silence)));
    }

    /** A reader was not attached. If that is not known, since an answer may be late, it is detached. */
    void refused(Throwable refusal, Runnable detaching) {
        if (AttachException.isOfSilence(refusal)) {
            detaching.run();
        }
    }

    /** A reader of a guardian in this process has left. */
    void detach(KeptGeneration kept, long reader) {
        vertx.eventBus().send(kept.facts().guardian(), new Detach(kept.id(), inbox, reader));
    }

    /**
     * A reader of a guardian on another node has left. If that node is not reached for longer than this is sent, it
     * does not hear this one, and drops its readers.
     */
    void detach(TextCopy copy, long reader) {
        KeptGeneration kept = copy.kept();
        repeated.send(kept.facts().guardian(), new Detach(kept.id(), inbox, reader));
    }
}
