package dev.runnel.engine.openai;

import com.fasterxml.jackson.core.JsonFactory;
import dev.runnel.bench.Jmh;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
 * What it costs to read one event of an upstream, from its bytes to its text.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.engine.openai.UpstreamBenchmark [-Dexec.args="JMH's arguments"]}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class UpstreamBenchmark {

    private static final int EVENTS = 16;

    /** Where the bytes are cut. */
    public enum Cut {
        /** After every event. */
        EVENT,
        /** After every eighth. */
        EIGHT_EVENTS,
        /** After five eighths of an event's length, and again, wherever that is. */
        ODD
    }

    /** How an event is read. */
    public enum Way {
        /** It is like the one before, but for its text. */
        FAST,
        /** It is not, so that its JSON is parsed. */
        PARSED
    }

    /** The text of one event: a token, or as much as an upstream that was held up sends at once. */
    @Param({"7", "512", "4096", "16384", "65536"})
    int textBytes;

    @Param({"EVENT", "EIGHT_EVENTS", "ODD"})
    Cut cut;

    @Param({"FAST", "PARSED"})
    Way way;

    private final DeltaReader deltas = new DeltaReader(new ParseBuffers(new JsonFactory(), Api.CHAT, true, 1 << 20));
    private final SseReader events = new SseReader(deltas, 1 << 20);
    private byte[] bytes;
    private int cutBytes;

    /** Writes what the upstream sends. */
    @Setup
    public void write() {
        var written = new ByteArrayOutputStream();
        for (int i = 0; i < EVENTS; i++) {
            written.writeBytes(event(way == Way.FAST ? 0 : i % 10));
        }
        bytes = written.toByteArray();
        int eventBytes = bytes.length / EVENTS;
        cutBytes = switch (cut) {
            case EVENT -> eventBytes;
            case EIGHT_EVENTS -> eventBytes * 8;
            case ODD -> eventBytes * 5 / 8;
        };
    }

    private byte[] event(int second) {
        String event = "data: {\"id\":\"chatcmpl-7f3a\",\"object\":\"chat.completion.chunk\",\"created\":170000000"
                + second
                + ",\"model\":\"mock\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + "x".repeat(textBytes)
                + "\"},\"finish_reason\":null}]}\n\n";
        return event.getBytes(StandardCharsets.UTF_8);
    }

    /** The next events of a stream. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int event() {
        int length = 0;
        for (int from = 0; from < bytes.length; from += cutBytes) {
            events.feed(bytes, from, Math.min(bytes.length, from + cutBytes));
            length += deltas.takeText().escapedLength();
        }
        return length;
    }

    /** Runs this class. */
    public static void main(String[] args) throws Exception {
        Jmh.run(UpstreamBenchmark.class, args);
    }
}
