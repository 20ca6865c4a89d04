package dev.runnel.bench.relay;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A service, clients that read, and slow clients, each a process of its own. */
final class SlowClientsRig implements AutoCloseable {

    static final int READERS = 1_000;
    static final int NEVER_READERS = 1_000;
    private static final int SLOW_SENDERS = 200;
    private static final int KEYS = 8;

    private static final int TOKENS = 300;
    private static final int WARM_TOKENS = 60;
    private static final int MICROS_PER_MILLI = 1_000;
    private static final int INTERVAL_MILLIS = 100;
    /** Each client reads so many streams, one after another: two minutes. */
    private static final int STREAMS_EACH = 4;

    private static final int RAMP_MILLIS = 10_000;
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration HALF = Duration.ofSeconds(50);
    private static final List<String> STEADY =
            List.of("-XX:+UseSerialGC", "-Xmn256m", "-Xmx512m", "-XX:TieredStopAtLevel=1");
    private static final String STALLED = "runnel_stream_closed_total{cause=\"stalled\"";

    private final ObjectMapper json = new ObjectMapper();
    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final Effort effort;
    private final Service service;
    private final ReaderProcess reader;
    private final List<String> keys;

    private SlowClientsRig(Effort effort) throws IOException {
        this.effort = effort;
        Path folder = Files.createTempDirectory("runnel-slow");
        this.service = Service.start(configuration(), folder);
        this.reader = ReaderProcess.start();
        this.keys = IntStream.range(0, KEYS)
                .mapToObj(number -> service.key("slow-" + number))
                .toList();
    }

    static SlowClientsRig start(Effort effort) throws IOException {
        return new SlowClientsRig(effort);
    }

    /** The model {@code flood} fills a connection with its first tokens. Then it goes on slowly. */
    private static String configuration() {
        String flood = Stream.concat(
                        Collections.nCopies(6, " " + "x".repeat(4095)).stream(),
                        Collections.nCopies(400, " stream").stream())
                .map(piece -> '"' + piece + '"')
                .reduce((one, next) -> one + "," + next)
                .orElseThrow();
        return """
            http: { port: 0, connectionsPerAddress: 10000 }
            management: { port: 0 }
            log: { generations: false }
            plans:
              - name: bench
            defaultModel: steady
            models:
              - name: steady
                engine: scripted
                pieces: [ " stream" ]
                repeat: true
                interval: %dms
                sequences: 20000
              - name: flood
                engine: scripted
                pieces: [ %s ]
                repeat: true
                interval: 250ms
                sequences: 20000
            """.formatted(INTERVAL_MILLIS, flood);
    }

    /** So that code is compiled, and memory that stays is used. */
    void warm() {
        reader.begin(service, Load.of(effort.streams(READERS), WARM_TOKENS, INTERVAL_MILLIS * MICROS_PER_MILLI));
        reader.read();
    }

    private Load load(int total) {
        return Load.of(effort.streams(READERS), TOKENS, INTERVAL_MILLIS * MICROS_PER_MILLI)
                .withTotal(total)
                .rampedOver(RAMP_MILLIS)
                .withPace();
    }

    /** Two minutes of clients that read, without slow ones. */
    SlowClientsRound alone() throws IOException {
        return round(Optional.empty(), false);
    }

    /**
     * Two minutes of clients that read, while slow ones are there.
     *
     * @param collects whether the whole heap is collected three times; then the ages of events show that
     */
    SlowClientsRound besideSlowClients(boolean collects) throws IOException {
        try (JavaProcess slow = JavaProcess.start(SlowClients.class, STEADY, Map.of())) {
            int neverReaders = effort.streams(NEVER_READERS);
            var order = new SlowClientsOrder(service.port(), keys, neverReaders, effort.streams(SLOW_SENDERS));
            slow.send(json.writeValueAsString(order));
            await().atMost(START)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> service.sum("runnel_streams_open") >= neverReaders);
            return round(Optional.of(slow), collects);
        }
    }

    private SlowClientsRound round(Optional<JavaProcess> slow, boolean collects) throws IOException {
        double stalledBefore = service.sum(STALLED);
        reader.begin(service, load(effort.streams(READERS) * STREAMS_EACH));
        double ignored = machine.getCpuLoad();
        long ownBefore = cpuMicros(slow);
        long began = Stamp.nowMicros();
        List<MemoryUse> memory = new ArrayList<>();
        for (Duration wait : List.of(START, HALF, HALF)) {
            await().pollDelay(wait).atMost(wait.plus(START)).until(() -> true);
            memory.add(collects ? service.memory() : service.memoryUncollected());
        }
        double busy = machine.getCpuLoad();
        double own =
                (double) (cpuMicros(slow) - ownBefore) / (Stamp.nowMicros() - began) / machine.getAvailableProcessors();
        Reading reading = reader.read();
        slow.ifPresent(process -> process.send("end"));
        Optional<SlowClientsReport> report = Optional.empty();
        if (slow.isPresent()) {
            report = Optional.of(json.readValue(slow.get().answer(), SlowClientsReport.class));
        }
        int stalled = (int) (service.sum(STALLED) - stalledBefore);
        return new SlowClientsRound(reading, own, Math.max(0, busy - own), memory, stalled, report);
    }

    /** Of all processes of the measurement. */
    private long cpuMicros(Optional<JavaProcess> slow) {
        return Stream.concat(
                        Stream.of(ProcessHandle.current(), service.worker(), reader.handle()),
                        slow.map(JavaProcess::handle).stream())
                .mapToLong(process -> new ProcessCost(process).cpuMicros())
                .sum();
    }

    @Override
    public void close() {
        reader.close();
        service.close();
    }
}
