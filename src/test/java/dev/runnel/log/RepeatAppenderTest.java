package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** An event that repeats is logged once, then counted. Time passes only when a test advances the clock. */
class RepeatAppenderTest {

    private final AtomicLong nanos = new AtomicLong(-1);
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final RepeatAppender appender = new RepeatAppender(nanos::get);

    @BeforeEach
    void start() {
        logged.setContext(context);
        logged.start();
        appender.setContext(context);
        appender.addAppender(logged);
        appender.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private static LoggingEvent event(Level level, String message) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName("dev.runnel.Place");
        event.setLevel(level);
        event.setInstant(Instant.EPOCH);
        event.setMDCPropertyMap(Map.of());
        event.setMessage(message);
        return event;
    }

    private void log(int times, String message) {
        for (int i = 0; i < times; i++) {
            LoggingEvent event = event(Level.WARN, message);
            event.addKeyValuePair(new KeyValuePair("request", "req_" + i));
            appender.doAppend(event);
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        appender.check();
    }

    private List<String> lines() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void sameFailureIsLoggedOnceAndThenCounted() {
        log(500, "upstream down");
        pass(Duration.ofSeconds(9));
        assertThat(lines()).containsExactly("upstream down");

        pass(Duration.ofSeconds(1));

        assertThat(lines()).containsExactly("upstream down", "… and 499 more in the last 10 s: upstream down");
        ILoggingEvent summary = logged.list.get(1);
        assertThat(summary.getLevel()).isEqualTo(Level.WARN);
        assertThat(summary.getLoggerName()).isEqualTo("dev.runnel.Place");
        assertThat(summary.getKeyValuePairs()).containsExactly(new KeyValuePair("repeated", 499L));
    }

    @Test
    void failureThatContinuesIsOneLinePerWindow() {
        log(1, "upstream down");
        for (int window = 0; window < 6; window++) {
            log(100, "upstream down");
            pass(Duration.ofSeconds(10));
        }

        assertThat(lines()).hasSize(7).last().isEqualTo("… and 100 more in the last 10 s: upstream down");
    }

    @Test
    void failureThatComesBackAfterAQuietWindowIsLoggedAtOnce() {
        log(1, "upstream down");
        pass(Duration.ofSeconds(10));
        log(1, "upstream down");

        assertThat(lines()).containsExactly("upstream down", "upstream down");
    }

    @Test
    void otherMessageLevelOrPlaceOfAnExceptionIsAnotherKind() {
        log(2, "model a failed");
        log(2, "model b failed");
        appender.doAppend(event(Level.ERROR, "model a failed"));
        for (Exception cause : List.of(new IOException("1"), new IllegalStateException("2"))) {
            LoggingEvent event = event(Level.WARN, "model a failed");
            event.setThrowableProxy(new ThrowableProxy(cause));
            appender.doAppend(event);
        }

        assertThat(lines()).hasSize(5);
    }

    @Test
    void eventsBelowInfoAllPass() {
        IntStream.range(0, 10).forEach(i -> appender.doAppend(event(Level.DEBUG, "detail")));

        assertThat(lines()).hasSize(10);
    }

    @Test
    void memoryIsBoundedHoweverManyKindsThereAre() {
        IntStream.range(0, 10_000).forEach(i -> log(1, "kind " + i));
        assertThat(lines()).hasSize(256);

        pass(Duration.ofSeconds(10));
        assertThat(lines())
                .hasSize(257)
                .last()
                .isEqualTo("… and 9744 more in the last 10 s: events of many other kinds");

        log(1, "kind 9999");
        assertThat(lines()).last().isEqualTo("kind 9999");
    }

    @Test
    void countedEventsAreLoggedBeforeTheEnd() {
        log(3, "upstream down");

        appender.stop();

        assertThat(lines()).containsExactly("upstream down", "… and 2 more in the last 1 s: upstream down");
    }

    @Test
    void noneIsLostBetweenThreads() {
        IntStream.range(0, 8).parallel().forEach(thread -> log(1000, "upstream down"));
        pass(Duration.ofSeconds(10));

        assertThat(lines()).hasSize(2).last().isEqualTo("… and 7999 more in the last 10 s: upstream down");
    }
}
