package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** How old events are with a scrape every second and without. Every other pair is turned round. */
public final class Scrapes implements Figure {

    private static final int PERIOD_MILLIS = 1_000;

    private final ScheduledExecutorService scraper = Executors.newSingleThreadScheduledExecutor();
    private final Samples scrapeMillis = new Samples();

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = Load.of(effort.streams(WarmLoad.STREAMS), WarmLoad.TOKENS, WarmLoad.INTERVAL_MICROS);
        Samples with = new Samples();
        Samples without = new Samples();
        Samples ratio = new Samples();
        rig.run(rig.service(), load);
        scraped(rig, load);
        for (int round = 0; round < effort.rounds(); round++) {
            boolean scrapedFirst = round % 2 == 0;
            double first = scrapedFirst ? scraped(rig, load) : age(rig, load);
            double second = scrapedFirst ? age(rig, load) : scraped(rig, load);
            with.add(scrapedFirst ? first : second);
            without.add(scrapedFirst ? second : first);
            ratio.add(scrapedFirst ? first / second : second / first);
        }
        scraper.shutdown();
        return List.of(
                new Row(
                        "age of events p99, with a scrape every second against without, ms",
                        Row.NONE,
                        with.show("%.2f") + " against " + without.show("%.2f"),
                        ratio.show("%.3f ×") + " of itself"),
                new Row("a scrape, ms", Row.NONE, scrapeMillis.show("%.1f"), Row.NONE));
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
