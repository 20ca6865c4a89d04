package dev.runnel.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The spans that have ended and were not sent yet: a bounded number. A further span is dropped, so that a slow receiver
 * delays no generation. A separate thread sends them. Each sampled span is counted once: as waiting, and then as sent
 * or failed, or as dropped. Any thread.
 */
final class SpanQueue implements SpanProcessor {

    static final int MAX_WAITING = 4096;

    private static final int MAX_AT_ONCE = 512;
    private static final Duration SEND_EVERY = Duration.ofSeconds(1);

    private final SpanProcessor sender;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /** Starts the thread. {@link #shutdown} ends it. */
    SpanQueue(SpanExporter exporter) {
        // Its own bound is never reached: what it has is a part of what waits here.
        sender = BatchSpanProcessor.builder(new CountedExporter(exporter))
                .setMaxQueueSize(MAX_WAITING)
                .setMaxExportBatchSize(MAX_AT_ONCE)
                .setScheduleDelay(SEND_EVERY)
                .build();
    }

    /** Counts what becomes of the spans. */
    private final class CountedExporter implements SpanExporter {

        private final SpanExporter exporter;

        CountedExporter(SpanExporter exporter) {
            this.exporter = exporter;
        }

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            int count = spans.size();
            CompletableResultCode result = started(spans);
            result.whenComplete(() -> {
                waiting.addAndGet(-count);
                (result.isSuccess() ? sent : failed).add(count);
            });
            return result;
        }

        private CompletableResultCode started(Collection<SpanData> spans) {
            try {
                return exporter.export(spans);
            } catch (RuntimeException e) {
                return CompletableResultCode.ofExceptionalFailure(e);
            }
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }

    /** Spans that were not sent yet, 0 … {@link #MAX_WAITING}. */
    int waiting() {
        return waiting.get();
    }

    /** Spans that the receiver has accepted. */
    long sent() {
        return sent.sum();
    }

    /** Spans that could not be sent, as the receiver did not answer or refused them. */
    long failed() {
        return failed.sum();
    }

    /** Spans that were dropped, as too many waited. */
    long dropped() {
        return dropped.sum();
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        sender.onStart(parent, span);
    }

    @Override
    public boolean isStartRequired() {
        return sender.isStartRequired();
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            dropped.increment();
        } else {
            sender.onEnd(span);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    /** Sends the spans that wait, and ends the thread. */
    @Override
    public CompletableResultCode shutdown() {
        return sender.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
        return sender.forceFlush();
    }
}
