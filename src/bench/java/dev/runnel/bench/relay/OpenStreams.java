package dev.runnel.bench.relay;

import static org.awaitility.Awaitility.await;

import dev.runnel.bench.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The memory that a further open stream takes: a fresh service with some streams open, then with many, each sent a
 * token a second. What is compared is the most that was resident meanwhile, garbage included.
 */
public final class OpenStreams implements Figure {

    private static final int FEW = 1_000;
    private static final int MANY = 5_000;
    /** Of the service's: one to the client and one to the upstream. */
    private static final int FILES_PER_STREAM = 2;

    private static final int OTHER_FILES = 500;
    private static final int TOKENS = 10;
    private static final int INTERVAL_MICROS = 1_000_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        int allowed = (ProcessCost.mostOpenFiles() - OTHER_FILES) / FILES_PER_STREAM;
        int many = Math.min(effort.streams(MANY), allowed);
        int few = Math.min(effort.streams(FEW), many / 2);
        Samples kilobytes = new Samples();
        for (int round = 0; round < effort.rounds(); round++) {
            Service service = rig.freshService();
            long before = mostResident(rig, service, few);
            long after = mostResident(rig, service, many);
            kilobytes.add((double) (after - before) / (many - few));
        }
        String limited = many < effort.streams(MANY) ? ", as the limit of open files allows no more" : "";
        String figure = String.format(
                Locale.ROOT, "resident memory per further open stream, %,d against %,d open%s, KB", many, few, limited);
        return List.of(new Row(figure, Row.NONE, kilobytes.show("%.1f"), Row.NONE));
    }

    private static long mostResident(Rig rig, Service service, int streams) {
        ProcessCost cost = new ProcessCost(service.worker());
        // Opened within half of their time, so that all of them are open at once.
        rig.begin(service, Load.of(streams, TOKENS, INTERVAL_MICROS).rampedOver(TOKENS * INTERVAL_MICROS / 2_000));
        long[] most = new long[1];
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> {
            most[0] = Math.max(most[0], cost.residentKilobytes().orElse(0));
            return rig.isReaderDone();
        });
        rig.end(service);
        return most[0];
    }
}
