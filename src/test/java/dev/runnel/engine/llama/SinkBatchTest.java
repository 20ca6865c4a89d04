package dev.runnel.engine.llama;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The calls of one step to several sinks on one event loop. */
@ExtendWith(VertxExtension.class)
class SinkBatchTest {

    private final SinkBatch calls = new SinkBatch();

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
    void sinkThatFailsDoesNotAffectOthers(Runnable failing, Vertx vertx, VertxTestContext test) {
        Context context = vertx.getOrCreateContext();
        calls.add(context, failing);
        calls.add(context, test::completeNow);

        calls.send();
    }
}
