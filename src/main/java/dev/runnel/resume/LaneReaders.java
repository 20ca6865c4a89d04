package dev.runnel.resume;

import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.text.GenerationException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The readers of one generation on one context. */
final class LaneReaders {

    private final List<Attachment> readers = new ArrayList<>();

    void add(Attachment reader) {
        readers.add(reader);
    }

    /** Returns whether it was there. */
    boolean remove(Attachment reader) {
        return readers.remove(reader);
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }

    /** There is more text. A reader may leave meanwhile. */
    void advanced() {
        List.copyOf(readers).forEach(Attachment::advanced);
    }

    /** A guardian of this process says that there is more; returns whether it was the end. */
    boolean receive(InboxMessage message) {
        if (message instanceof Finished finished) {
            ended(Future.succeededFuture(finished));
        } else if (message instanceof Failed failed) {
            ended(Future.failedFuture(new GenerationException(failed.failure())));
        } else {
            advanced();
            return false;
        }
        return true;
    }

    void ended(AsyncResult<Finished> how) {
        List.copyOf(readers).forEach(reader -> reader.ended(how));
    }
}
