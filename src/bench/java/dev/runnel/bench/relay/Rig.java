package dev.runnel.bench.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The processes of a measurement, and what they saw altogether. */
public final class Rig implements AutoCloseable {

    /** So that their own collections are rare, and soon nothing of theirs is left to compile. */
    private static final List<String> STEADY =
            List.of("-XX:+UseSerialGC", "-Xmn384m", "-Xmx768m", "-XX:TieredStopAtLevel=1");

    private final Consumer<String> progress;
    private final Path folder;
    private final JavaProcess upstream;
    private final int upstreamPort;
    private final ReaderProcess reader;
    private final Optional<Nginx> nginx;
    private Service service;

    private final Map<String, Integer> broken = new TreeMap<>();
    private int streams;

    private Rig(Consumer<String> progress) throws IOException {
        this.progress = progress;
        this.folder = Files.createTempDirectory("runnel-relay");
        this.upstream = JavaProcess.start(Upstream.class, STEADY, Map.of());
        this.upstreamPort = Integer.parseInt(upstream.answer());
        this.reader = ReaderProcess.start(STEADY, upstreamPort);
        this.nginx = Nginx.start(upstreamPort, folder);
        this.service = Service.start(upstreamPort, folder);
    }

    /**
     * Starts everything, Runnel last.
     *
     * @param progress takes a line for every load
     */
    public static Rig start(Consumer<String> progress) throws IOException {
        Rig rig = new Rig(progress);
        if (rig.nginx.isEmpty()) {
            progress.accept("nginx is not installed: nothing is compared");
        }
        return rig;
    }

    /** What Runnel is compared with, where it is installed. */
    Optional<Server> yardstick() {
        return nginx.map(server -> server);
    }

    Service service() {
        return service;
    }

    /** Runnel anew: a JVM that has seen nothing but its own warm-up. */
    Service freshService() {
        service.close();
        try {
            service = Service.start(upstreamPort, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return service;
    }

    /** A further Runnel, with metrics or without, that the caller closes. */
    Service service(boolean metered) {
        try {
            return Service.start(upstreamPort, folder, metered);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Drives a load and waits for its end. */
    Measured run(Server server, Load load) {
        ProcessCost cost = new ProcessCost(server.worker());
        long before = cost.cpuMicros();
        begin(server, load);
        Reading reading = end(server);
        Measured measured = new Measured(reading, cost.cpuMicros() - before);
        progress.accept(String.format(Locale.ROOT, "         %.1f µs of CPU per event", measured.cpuMicrosPerEvent()));
        return measured;
    }

    /** Begins a load; one at a time. */
    void begin(Server server, Load load) {
        reader.begin(server, load);
    }

    /** Whether the load that was begun has ended. */
    boolean isReaderDone() throws IOException {
        return reader.isDone();
    }

    /** Waits for the end of the load that was begun. */
    Reading end(Server server) {
        Reading reading = reader.read();
        note(server, reading);
        return reading;
    }

    private void note(Server server, Reading reading) {
        streams += reading.streams();
        reading.broken().forEach((what, count) -> broken.merge(server.label() + ": " + what, count, Integer::sum));
        progress.accept(String.format(
                Locale.ROOT,
                "  %-6s %d streams, %d events of %d tokens, age p50 %d p99 %d p999 %d µs,"
                        + " first token p50 %d p99 %d µs, broken %s",
                server.label(),
                reading.streams(),
                reading.events(),
                reading.tokens(),
                reading.age("p50"),
                reading.age("p99"),
                reading.age("p999"),
                reading.firstToken("p50"),
                reading.firstToken("p99"),
                reading.broken()));
    }

    /** What was promised and not kept: what, and in how many streams. */
    public Map<String, Integer> broken() {
        return Map.copyOf(broken);
    }

    /** How many streams were read. */
    public int streams() {
        return streams;
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(List.of(reader, service, upstream));
        nginx.ifPresent(all::add);
        all.forEach(Rig::close);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
