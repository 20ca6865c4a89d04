package dev.runnel.model;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every notification of a store. */
final class RecordingListener implements FetchListener {

    final List<String> notices = new CopyOnWriteArrayList<>();
    final List<Long> done = new CopyOnWriteArrayList<>();
    final List<Long> totals = new CopyOnWriteArrayList<>();

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
