package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void terminalSeesOneLineThatIsRedrawn() {
        ProgressBar bar = bar(true);

        bar.show("model", 0, 100_000_000);
        nanos.addAndGet(2 * SECOND);
        bar.show("model", 50_000_000, 100_000_000);
        nanos.addAndGet(2 * SECOND);
        bar.show("model", 100_000_000, 100_000_000);

        assertThat(lines()).hasSize(1);
        assertThat(text().split("\r"))
                .hasSize(4)
                .satisfies(draws -> assertThat(draws[2])
                        .isEqualTo("model [###############...............]  50 %  50.0 of 100.0 MB  25.0 MB/s"))
                .satisfies(draws -> assertThat(draws[3]).contains("100 %"));
    }

    @Test
    void fileSeesALineEveryTenthOfTheWay() {
        ProgressBar bar = bar(false);

        for (int done = 0; done <= 100; done++) {
            nanos.addAndGet(SECOND);
            bar.show("model", done * 1_000_000L, 100_000_000);
        }

        assertThat(lines()).hasSize(10);
        assertThat(lines()[9]).contains("100 %", "100.0 of 100.0 MB");
    }

    @Test
    void fileSeesALineEveryTenthOfEachFetch() {
        ProgressBar bar = bar(false);

        for (int done = 0; done <= 100; done++) {
            nanos.addAndGet(SECOND);
            bar.show("one", done * 1_000_000L, 100_000_000);
            bar.show("other", done * 2_000_000L, 200_000_000);
        }

        assertThat(lines()).hasSize(20);
        assertThat(lines()[18]).contains("one", "100 %", " 1.0 MB/s");
        assertThat(lines()[19]).contains("other", "100 %", " 2.0 MB/s");
    }

    @Test
    void rateLeavesOutWhatWasThereBefore() {
        ProgressBar bar = bar(false);

        bar.show("model", 40_000_000, 100_000_000);
        nanos.addAndGet(SECOND);
        bar.show("model", 60_000_000, 100_000_000);

        assertThat(lines()[lines().length - 1]).contains("60 %", "20.0 MB/s");
    }

    @Test
    void unknownSizeShowsWhatIsThere() {
        ProgressBar bar = bar(true);

        bar.show("model", 3_000_000, 0);

        assertThat(text()).contains("3.0 MB").doesNotContain(" of ");
    }

    private ProgressBar bar(boolean terminal) {
        return new ProgressBar(new PrintStream(printed, true, StandardCharsets.UTF_8)::print, terminal, nanos::get);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String[] lines() {
        return text().split(System.lineSeparator());
    }
}
