package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The calls of one step to several sinks on one event loop. */
class SinkBatchTest {

    private final Vertx vertx = Vertx.vertx();
    private final SinkBatch calls = new SinkBatch();

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    static Stream<Runnable> failures() {
        return Stream.of(
                () -> {
                    throw new IllegalStateException("a sink's");
                },
                () -> {
                    throw new OutOfMemoryError("a sink's");
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void sinkThatFailsDoesNotAffectOthers(Runnable failing) throws Exception {
        Promise<String> served = Promise.promise();
        Context context = vertx.getOrCreateContext();
        calls.add(context, failing);
        calls.add(context, () -> served.complete("served"));

        calls.send();

        assertThat(served.future().await(10, TimeUnit.SECONDS)).isEqualTo("served");
    }
}
