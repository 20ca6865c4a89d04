package dev.runnel.engine.llama;

import dev.runnel.engine.EngineListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a store tells. */
public final class Heard implements EngineListener {

    public final List<String> notices = new CopyOnWriteArrayList<>();
    public final List<Long> done = new CopyOnWriteArrayList<>();
    public final List<Long> totals = new CopyOnWriteArrayList<>();

    @Override
    public void fetched(String model, long doneBytes, long totalBytes) {
        done.add(doneBytes);
        totals.add(totalBytes);
    }

    @Override
    public void notice(String model, String line) {
        notices.add(line);
    }
}
