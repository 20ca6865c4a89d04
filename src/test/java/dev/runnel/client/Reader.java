package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Keeps all that a consumer receives of one generation. */
final class Reader {

    final List<Delta> deltas = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final List<String> ends = new ArrayList<>();
    final ClientGeneration generation;

    Reader(ClientGeneration generation) {
        this(generation, false);
    }

    Reader(ClientGeneration generation, boolean paused) {
        this.generation = generation;
        if (paused) {
            generation.deltas().pause();
        }
        generation.deltas().exceptionHandler(failure -> ends.add("failed"));
        generation.deltas().endHandler(done -> ends.add("ended"));
        generation.deltas().handler(this::add);
    }

    private void add(Delta delta) {
        assertThat(ends).isEmpty();
        deltas.add(delta);
        texts.add(delta.text().toString());
    }

    Finished end() throws TimeoutException {
        return generation.end().await(5, TimeUnit.SECONDS);
    }

    Ended account() throws TimeoutException {
        return generation.settled().await(5, TimeUnit.SECONDS);
    }

    Failure failure() {
        return failureOf(generation.end());
    }

    static Failure failureOf(Future<?> future) {
        try {
            throw new AssertionError("no failure but " + future.await(5, TimeUnit.SECONDS));
        } catch (GenerationException expected) {
            return expected.failure();
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
