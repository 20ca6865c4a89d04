package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LogTimeTest {

    private static final DateTimeFormatter JDK =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final LogTime time = new LogTime();

    @Property(tries = 500)
    void timeIsThatOfTheJdk(@ForAll @LongRange(min = -5_000_000_000_000L, max = 5_000_000_000_000L) long millis) {
        assertThat(time.of(millis)).isEqualTo(JDK.format(Instant.ofEpochMilli(millis)));
    }

    @Test
    void timesOfOneSecondDifferInTheirMilliseconds() {
        long second = Instant.parse("2026-11-23T16:50:12Z").toEpochMilli();

        assertThat(time.of(second)).isEqualTo("2026-11-23T16:50:12.000Z");
        assertThat(time.of(second + 7)).isEqualTo("2026-11-23T16:50:12.007Z");
        assertThat(time.of(second + 999)).isEqualTo("2026-11-23T16:50:12.999Z");
        assertThat(time.of(second + 1000)).isEqualTo("2026-11-23T16:50:13.000Z");
    }
}
