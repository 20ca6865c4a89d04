package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds one model's file: in the data directory, then from its sources. For one thread. */
final class ModelLocator {

    private final String model;
    private final ModelFile file;
    private final ModelPlace place;
    private final FetchTools tools;
    private final FetchListener listener;
    private final List<String> failures = new ArrayList<>();

    ModelLocator(String model, ModelFile file, ModelPlace place, FetchTools tools, FetchListener listener) {
        this.model = model;
        this.file = file;
        this.place = place;
        this.tools = tools;
        this.listener = listener;
    }

    Path run() throws ModelUnavailableException, IOException, InterruptedException {
        SourceFetcher fetch = new SourceFetcher(model, file, place, tools, listener);
        int fetchable = firstFetchable();
        Optional<Path> found = firstOf(0, fetchable, fetch);
        if (found.isEmpty()) {
            found = present();
        }
        if (found.isEmpty() && fetchable < file.sources().size()) {
            found = fetched(fetchable, fetch);
        }
        return found.orElseThrow(this::nothingFound);
    }

    private int firstFetchable() {
        int index = 0;
        while (index < file.sources().size() && file.sources().get(index) instanceof ModelSource.OnDisk) {
            index++;
        }
        return index;
    }

    private Optional<Path> fetched(int from, SourceFetcher fetch) throws IOException, InterruptedException {
        try (FetchLock lock = FetchLock.acquire(place.lock(), this::notifyOfWaiting)) {
            Optional<Path> found = lock.waited() ? present() : Optional.empty();
            if (found.isEmpty()) {
                fetch.clear();
                found = firstOf(from, file.sources().size(), fetch);
            }
            return found;
        }
    }

    private Optional<Path> firstOf(int from, int to, SourceFetcher fetch) throws InterruptedException {
        for (int i = from; i < to; i++) {
            ModelSource source = file.sources().get(i);
            try {
                return Optional.of(fetch.from(source));
            } catch (SourceFailedException e) {
                String failure = source.inWords() + ": " + e.getMessage();
                failures.add(failure);
                listener.notice(model, failure + nextAfter(i));
            }
        }
        return Optional.empty();
    }

    private String nextAfter(int index) {
        return index + 1 < file.sources().size()
                ? "; next: " + file.sources().get(index + 1).inWords()
                : "";
    }

    /** The file in the data directory, if it is still the configured one. */
    private Optional<Path> present() throws IOException, InterruptedException {
        if (!Files.exists(place.model())) {
            return Optional.empty();
        }
        Optional<String> fault =
                FileCheck.fault(place.model(), file, place.marker()).or(this::faultOfOrigin);
        fault.ifPresent(why -> {
            failures.add(place.model() + ": " + why);
            listener.notice(model, "not used: " + place.model() + ": " + why);
        });
        return fault.isPresent() ? Optional.empty() : Optional.of(place.model());
    }

    /**
     * Without a hash only the source identifies the file. A file that an operator put there has no source and is used.
     */
    private Optional<String> faultOfOrigin() {
        boolean obsolete = file.sha256().isEmpty()
                && VerifiedMarker.read(place.marker())
                        .filter(marker -> marker.describes(place.model()))
                        .map(VerifiedMarker::origin)
                        .filter(origin -> !origin.isEmpty())
                        .filter(origin -> file.sources().stream()
                                .map(VerifiedMarker::originOf)
                                .noneMatch(origin::equals))
                        .isPresent();
        return obsolete ? Optional.of("it came from a source that is no longer configured") : Optional.empty();
    }

    private void notifyOfWaiting() {
        listener.notice(model, "another process fetches the file into " + place.folder() + "; waiting for it");
    }

    private ModelUnavailableException nothingFound() {
        return new ModelUnavailableException(model + ": no source has its file (" + String.join("; ", failures)
                + "). Put the file at " + place.model() + ", or " + place.advice() + ".");
    }
}
