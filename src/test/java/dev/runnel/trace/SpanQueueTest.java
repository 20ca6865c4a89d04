package dev.runnel.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanQueueTest {

    private static final int MORE = 100;

    private final CompletableResultCode held = new CompletableResultCode();
    private volatile Supplier<CompletableResultCode> next = CompletableResultCode::ofSuccess;
    private final SpanQueue queue = new SpanQueue(new Receiver());
    private final SdkTracerProvider provider =
            SdkTracerProvider.builder().addSpanProcessor(queue).build();
    private final Tracer tracer = provider.get("test");

    /** Answers as the test wants. */
    private final class Receiver implements SpanExporter {

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return next.get();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @AfterEach
    void close() {
        held.succeed();
        provider.close();
    }

    private void end(int count) {
        for (int i = 0; i < count; i++) {
            tracer.spanBuilder("span").startSpan().end();
        }
    }

    @Test
    void spansOverTheBoundAreDroppedAndCounted() {
        next = () -> held;

        end(SpanQueue.MAX_WAITING + MORE);

        assertThat(queue.waiting()).isEqualTo(SpanQueue.MAX_WAITING);
        assertThat(queue.dropped()).isEqualTo(MORE);
        assertThat(queue.sent() + queue.failed()).isZero();
    }

    @Test
    void sentSpansLeaveRoom() {
        next = () -> held;
        end(SpanQueue.MAX_WAITING);
        next = CompletableResultCode::ofSuccess;
        held.succeed();
        await().until(() -> queue.waiting() == 0);

        end(MORE);

        await().until(() -> queue.sent() == SpanQueue.MAX_WAITING + MORE);
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void spansThatTheReceiverRefusesAreCounted() {
        next = CompletableResultCode::ofFailure;

        end(MORE);

        await().until(() -> queue.failed() == MORE);
        assertThat(queue.waiting()).isZero();
        assertThat(queue.sent()).isZero();
    }

    @Test
    void spansOfABrokenExporterAreCounted() {
        next = () -> {
            throw new IllegalStateException("broken");
        };

        end(MORE);

        await().until(() -> queue.failed() == MORE);
        assertThat(queue.waiting()).isZero();
    }
}
