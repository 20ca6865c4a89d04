package dev.runnel.http.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.metric.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ScraperTest {

    private final Metrics metrics = new Metrics();
    private final AtomicInteger scrapes = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    /** It is complete: what is composed with it runs on the event loop. */
    private Future<Void> loop;

    private Scraper scraper;

    @BeforeEach
    void open(Vertx vertx) {
        loop = ((ContextInternal) vertx.getOrCreateContext()).succeededFuture();
        scraper = Scraper.open(vertx, metrics);
        Gauge.builder("test.scrapes", this::next).register(metrics.registry());
    }

    private int next() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return scrapes.incrementAndGet();
    }

    @AfterEach
    void close() throws Exception {
        goOn.countDown();
        scraper.close().await(20, TimeUnit.SECONDS);
        metrics.close();
    }

    @Test
    void requestDuringAScrapeGetsThatOne() throws Exception {
        CompositeFuture both = loop.compose(turn -> {
                    Future<Buffer> first = scraper.scrape();
                    Future<Buffer> second = scraper.scrape();
                    goOn.countDown();
                    return Future.all(first, second);
                })
                .await(20, TimeUnit.SECONDS);

        assertThat(both.resultAt(0).toString()).contains("test_scrapes 1.0\n");
        assertThat(both.<Buffer>resultAt(1)).isSameAs(both.resultAt(0));
        assertThat(scrapes).hasValue(1);
    }

    @Test
    void requestAfterAScrapeGetsAFreshOne() throws Exception {
        goOn.countDown();

        Buffer second = loop.compose(turn -> scraper.scrape())
                .compose(first -> scraper.scrape())
                .await(20, TimeUnit.SECONDS);

        assertThat(second.toString()).contains("test_scrapes 2.0\n");
    }
}
