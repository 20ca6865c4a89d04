package dev.runnel.generator;

import dev.runnel.client.ClientGeneration;
import dev.runnel.message.Delta;
import dev.runnel.message.Finished;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Keeps all that a consumer hears of one generation. */
final class Reader {

    private final ClientGeneration generation;
    private final List<Delta> deltas = new CopyOnWriteArrayList<>();

    Reader(ClientGeneration generation) {
        this.generation = generation;
        generation.deltas().handler(deltas::add);
    }

    ClientGeneration generation() {
        return generation;
    }

    String id() {
        return generation.id();
    }

    List<Delta> deltas() {
        return List.copyOf(deltas);
    }

    String text() {
        return deltas.stream().map(delta -> delta.text().toString()).collect(Collectors.joining());
    }

    Finished end() throws TimeoutException {
        return generation.end().await(20, TimeUnit.SECONDS);
    }

    Failure failure() throws TimeoutException {
        try {
            throw new AssertionError("no failure but " + end());
        } catch (GenerationException expected) {
            return expected.failure();
        }
    }
}
