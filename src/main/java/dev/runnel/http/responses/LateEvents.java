package dev.runnel.http.responses;

import io.vertx.core.buffer.Buffer;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Events that are made when they are read: several of them repeat the text. */
final class LateEvents extends AbstractList<Buffer> {

    private final List<Supplier<Buffer>> events = new ArrayList<>();

    void later(Supplier<Buffer> event) {
        events.add(event);
    }

    @Override
    public Buffer get(int index) {
        return events.get(index).get();
    }

    @Override
    public int size() {
        return events.size();
    }
}
