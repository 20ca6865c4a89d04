package dev.runnel.message.codec;

import dev.runnel.bench.Jmh;
import dev.runnel.message.Delta;
import dev.runnel.message.Origin;
import dev.runnel.message.Submit;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to send a record to another node: a {@link Delta}, a {@link Submit}, each way.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.message.codec.CodecBenchmark [-Dexec.args="JMH's arguments"]}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class CodecBenchmark {

    /** The text of the delta, or of the prompt. */
    @Param({"512", "4096", "16384", "65536"})
    int textBytes;

    private RecordCodec<Delta> deltaCodec;
    private RecordCodec<Submit> submitCodec;
    private Delta delta;
    private Submit submit;
    private Buffer deltaBytes;
    private Buffer submitBytes;

    /** Makes one of each, in both forms. */
    @Setup
    public void make() {
        String text = "x".repeat(textBytes);
        deltaCodec = codecOf(Delta.class);
        submitCodec = codecOf(Submit.class);
        delta = new Delta("gen_EKNSVC1M48M0A0J2GBGY8PPW", 100, EscapedText.of(text), 1);
        submit = new Submit(
                "mock",
                List.of(Turn.user(text)),
                new Sampling(0.8, null, null, 42L, null, null, List.of()),
                256,
                true,
                "",
                new Origin("ada", "key_I04-tYpfEJf0xrkx", "0193a5c2-7b6d", null, "", 1),
                "runnel.inbox.1");
        deltaBytes = encodeDelta();
        submitBytes = encodeSubmit();
    }

    @SuppressWarnings("unchecked") // The list's elements say what they are for.
    private static <R extends Record> RecordCodec<R> codecOf(Class<R> type) {
        return (RecordCodec<R>) MessageCodecs.all().stream()
                .filter(codec -> codec.type() == type)
                .findFirst()
                .orElseThrow();
    }

    /** To bytes, in a buffer that grows as the bus's own does. */
    @Benchmark
    public Buffer encodeDelta() {
        Buffer buffer = Buffer.buffer();
        deltaCodec.encodeToWire(buffer, delta);
        return buffer;
    }

    /** From bytes. */
    @Benchmark
    public Delta decodeDelta() {
        return deltaCodec.decodeFromWire(0, deltaBytes);
    }

    /** To bytes, in a buffer that grows as the bus's own does. */
    @Benchmark
    public Buffer encodeSubmit() {
        Buffer buffer = Buffer.buffer();
        submitCodec.encodeToWire(buffer, submit);
        return buffer;
    }

    /** From bytes. */
    @Benchmark
    public Submit decodeSubmit() {
        return submitCodec.decodeFromWire(0, submitBytes);
    }

    /** Runs this class. */
    public static void main(String[] args) throws Exception {
        Jmh.run(CodecBenchmark.class, args);
    }
}
