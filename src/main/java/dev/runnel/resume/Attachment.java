package dev.runnel.resume;

import dev.runnel.message.Finished;
import dev.runnel.net.OnContext;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.SharedText;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;

/**
 * One reader of a resumable generation. It counts as a reader until it leaves, after the end too. Belongs to the
 * context of the {@link Guardian} that attached it.
 */
public final class Attachment {

    private final Context context;
    private final KeptGeneration generation;
    private final SharedText text;
    private final Consumer<Attachment> onLeave;
    private final Promise<Finished> end = Promise.promise();
    private Runnable onText = () -> {};
    private boolean left;

    /**
     * Made before the generation counts the reader, so that it has the text.
     *
     * @param context of the guardian
     * @param onLeave called once
     */
    Attachment(Context context, KeptGeneration generation, Consumer<Attachment> onLeave) {
        this.context = context;
        this.generation = generation;
        this.text = generation.text();
        this.onLeave = onLeave;
    }

    public KeptGeneration generation() {
        return generation;
    }

    /** The text, also if the generation is deleted meanwhile. */
    public SharedText text() {
        return text;
    }

    /** Sets what runs each time when there is more text, until the end or until the reader leaves. */
    public void onText(Runnable handler) {
        assert OnContext.checkLoop(context);
        onText = handler;
    }

    /**
     * The end, after all text.
     *
     * @return fails with a {@link GenerationException}, or with the reason of {@link #abort}. It also fails if the
     *     reader leaves before the end, so that everything that waits for the end is freed.
     */
    public Future<Finished> end() {
        return end.future();
    }

    /** Ends this reader alone, and leaves. Without effect after the end. */
    public void abort(RuntimeException reason) {
        assert OnContext.checkLoop(context);
        if (end.tryFail(reason)) {
            leave();
        }
    }

    /** Does not read on. A second call has no effect. */
    public void leave() {
        assert OnContext.checkLoop(context);
        if (!left) {
            left = true;
            onLeave.accept(this);
            end.tryFail(new GenerationException(Failure.of(FailureCode.CANCELLED, "the reader left before the end")));
        }
    }

    void advanced() {
        assert OnContext.checkLoop(context);
        if (!left && !end.future().isComplete()) {
            onText.run();
        }
    }

    void ended(AsyncResult<Finished> how) {
        assert OnContext.checkLoop(context);
        if (how.succeeded()) {
            end.tryComplete(how.result());
        } else {
            end.tryFail(how.cause());
        }
    }
}
