package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** How old events are with a scrape every second and without. */
public final class Scrapes implements Figure {

    private static final int PERIOD_MILLIS = 1_000;

    private final ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
    private final Samples scrapeMillis = new Samples();

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = WarmLoad.load(effort);
        age(rig, load);
        scraped(rig, load);
        Row ages = Pairs.of(
                "age of events p99, with a scrape every second against without, ms",
                "%.2f",
                effort.rounds(),
                () -> scraped(rig, load),
                () -> age(rig, load));
        scraper.shutdown();
        return List.of(ages, new Row("a scrape, ms", Row.NONE, scrapeMillis.show("%.1f"), Row.NONE));
    }

    private double scraped(Rig rig, Load load) {
        var scrapes = scraper.scheduleAtFixedRate(
                () -> scrape(rig.service()), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return age(rig, load);
        } finally {
            scrapes.cancel(false);
        }
    }

    private void scrape(Service service) {
        long began = System.nanoTime();
        try {
            service.metrics();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        scrapeMillis.add((System.nanoTime() - began) / 1e6);
    }

    private static double age(Rig rig, Load load) {
        return rig.run(rig.service(), load).reading().age("p99") / 1e3;
    }
}
