package dev.runnel.resume;

import dev.runnel.message.Finished;
import io.vertx.core.AsyncResult;
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

    void ended(AsyncResult<Finished> how) {
        List.copyOf(readers).forEach(reader -> reader.ended(how));
    }
}
