package dev.runnel.http;

import dev.runnel.bench.Jmh;
import dev.runnel.http.stream.ChunkWriter;
import dev.runnel.http.stream.NativeFormat;
import dev.runnel.net.http1.EventBuffer;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Transcript;
import dev.runnel.text.TranscriptReader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to make one event of a stream, its chunk included, from the delta to the bytes that the socket is
 * offered.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.http.EventBenchmark [-Dexec.args="JMH's arguments"]}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventBenchmark {

    private static final int EVENTS = 32;
    private static final EscapedText DELTA = EscapedText.of(" stream");

    /** The whole text, on average over the events; without it in them, it is not kept either. */
    @Param({"512", "4096", "16384", "65536"})
    int textBytes;

    @Param({"true", "false"})
    boolean includeText;

    private final Transcript transcript = new Transcript();
    private final TranscriptReader reader = new TranscriptReader(transcript);
    private final EventBuffer buffer = new EventBuffer();
    private NativeFormat format;
    private EscapedText before;

    /** Makes what stands in a stream before the events that are measured. */
    @Setup
    public void begin() {
        format = new NativeFormat("gen_EKNSVC1M48M0A0J2GBGY8PPW", includeText);
        before = EscapedText.of("x".repeat(textBytes - DELTA.utf8Length() * EVENTS / 2));
    }

    /** The next events of a stream. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int event() {
        reader.markSent();
        reader.discardSent();
        if (includeText) {
            transcript.append(before);
            reader.markSent();
        }
        int written = 0;
        for (int i = 0; i < EVENTS; i++) {
            transcript.append(DELTA);
            ChunkWriter.encode(format, reader, buffer);
            written += buffer.length();
        }
        return written;
    }

    /** Runs this class. */
    public static void main(String[] args) throws Exception {
        Jmh.run(EventBenchmark.class, args);
    }
}
