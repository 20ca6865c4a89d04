package dev.runnel.resume;

import dev.runnel.client.GenerationClient;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.KeptEntry;
import dev.runnel.message.KeptText;
import dev.runnel.message.Status;
import dev.runnel.resume.AttachException.Reason;
import dev.runnel.text.EscapedText;
import dev.runnel.text.GenerationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the text of a generation whose guardian's node is gone from its generator. No client becomes its guardian, so
 * its grace time passes. Belongs to the client's context.
 */
final class OrphanLook {

    /** The generator may learn later than this node that the guardian is gone. */
    private static final int TRIES = 10;

    private static final long PAUSE_MILLIS = 200;

    private final Vertx vertx;
    private final Context context;
    private final GenerationClient client;
    private final HeldBytes memory;

    /** @param memory the account of the texts */
    OrphanLook(Vertx vertx, GenerationClient client, HeldBytes memory) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = client;
        this.memory = memory;
    }

    /**
     * Looks at it.
     *
     * @param kept with the place of its generator
     * @param otherwise reads it in another way, if its generator does not give the text. One of an older version does
     *     not
     * @return fails as the other way, and with a {@link GenerationException} of code {@code FULL} without memory
     */
    Future<Attachment> of(KeptGeneration kept, Supplier<Future<Attachment>> otherwise) {
        KeptEntry entry = kept.entry().orElseThrow();
        return look(kept, entry, TRIES)
                .recover(
                        refusal -> refusal instanceof AttachException ? otherwise.get() : Future.failedFuture(refusal));
    }

    private Future<Attachment> look(KeptGeneration kept, KeptEntry entry, int tries) {
        if (entry.generator().isEmpty()) {
            return Future.failedFuture(new AttachException(Reason.UNKNOWN));
        }
        return client.lookAtKept(entry)
                .recover(silence -> Future.failedFuture(new AttachException(Reason.SILENT)))
                .compose(status -> {
                    if (!status.kept().isEmpty()) {
                        return read(entry, kept.request(), status.kept().get(0));
                    }
                    return status.phase() == Status.Phase.UNKNOWN || tries == 0
                            ? Future.failedFuture(new AttachException(Reason.UNKNOWN))
                            : vertx.timer(PAUSE_MILLIS).compose(passed -> look(kept, entry, tries - 1));
                });
    }

    private Future<Attachment> read(KeptEntry entry, KeptRequest request, KeptText textSoFar) {
        KeptGeneration copy = KeptGeneration.ofOtherNode(entry, request);
        EscapedText text = EscapedText.of(textSoFar.text());
        Holding held = new Holding(memory, HeldBytes.Kind.TEXTS, entry.owner(), copy);
        Optional<HeldBytes.Bound> refusal = held.resize(copy.text().growthFor(text));
        if (refusal.isPresent()) {
            return Future.failedFuture(new GenerationException(refusal.get().failure()));
        }
        copy.text().append(text);
        Attachment look = new Attachment(context, copy, leaving -> held.close());
        textSoFar.end().forEach(end -> {
            copy.ended(Future.succeededFuture(end));
            look.ended(Future.succeededFuture(end));
        });
        return Future.succeededFuture(look);
    }
}
