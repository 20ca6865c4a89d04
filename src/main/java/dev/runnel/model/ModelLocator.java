package dev.runnel.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One look for a model's file: here, then from its sources. For one thread. */
final class ModelLocator {

    private final String model;
    private final ModelFile file;
    private final ModelPlace place;
    private final FetchTools means;
    private final FetchListener listener;
    private final List<String> failures = new ArrayList<>();

    ModelLocator(String model, ModelFile file, ModelPlace place, FetchTools means, FetchListener listener) {
        this.model = model;
        this.file = file;
        this.place = place;
        this.means = means;
        this.listener = listener;
    }

    Path run() throws ModelUnavailableException, IOException, InterruptedException {
        SourceFetcher fetch = new SourceFetcher(model, file, place, means, listener);
        int fetchable = firstThatIsFetched();
        Optional<Path> found = firstOf(0, fetchable, fetch);
        if (found.isEmpty()) {
            found = present();
        }
        if (found.isEmpty() && fetchable < file.sources().size()) {
            found = fetched(fetchable, fetch);
        }
        return found.orElseThrow(this::nothingFound);
    }

    private int firstThatIsFetched() {
        int index = 0;
        while (index < file.sources().size() && file.sources().get(index) instanceof ModelSource.OnDisk) {
            index++;
        }
        return index;
    }

    private Optional<Path> fetched(int from, SourceFetcher fetch) throws IOException, InterruptedException {
        try (FetchLock lock = FetchLock.take(place.lock(), this::tellOfWaiting)) {
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

    /** The file in the data directory, if it is still the one that is wanted. */
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

    /** Without a hash the source is all that tells whether the file is meant; one that was put there by hand is. */
    private Optional<String> faultOfOrigin() {
        boolean left = file.sha256().isEmpty()
                && VerifiedMarker.read(place.marker())
                        .filter(marker -> marker.describes(place.model()))
                        .map(VerifiedMarker::origin)
                        .filter(origin -> !origin.isEmpty())
                        .filter(origin -> file.sources().stream()
                                .map(VerifiedMarker::originOf)
                                .noneMatch(origin::equals))
                        .isPresent();
        return left ? Optional.of("it came from a source that is configured no more") : Optional.empty();
    }

    private void tellOfWaiting() {
        listener.notice(model, "another process fetches the file into " + place.folder() + "; waiting for it");
    }

    private ModelUnavailableException nothingFound() {
        return new ModelUnavailableException(model + ": no source has its file (" + String.join("; ", failures)
                + "). Put the file at " + place.model() + ", or set other sources in the configuration.");
    }
}
