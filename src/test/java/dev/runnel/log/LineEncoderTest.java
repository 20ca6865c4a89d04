package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.config.LogConfig.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;

/** One event is one line, whatever is in it. */
class LineEncoderTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORGED =
            "x\r\n2026-11-23T00:00:00.000Z ERROR Forged - \u001b[2J\u202e\u2028\u0085\0 done";

    private static LoggingEvent event(String message) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName("dev.runnel.some.Place");
        event.setLevel(Level.INFO);
        event.setInstant(Instant.parse("2026-11-23T16:50:12.100Z"));
        event.setMDCPropertyMap(Map.of());
        event.setMessage(message);
        return event;
    }

    private static LoggingEvent with(LoggingEvent event, String field, Object value) {
        event.addKeyValuePair(new KeyValuePair(field, value));
        return event;
    }

    private static String line(Format format, LoggingEvent event) {
        LineEncoder encoder = new LineEncoder();
        encoder.setFormat(format);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void textHasTimeLevelPlaceMessageAndFields() {
        LoggingEvent event = with(with(with(event("done"), "id", "gen_1"), "millis", 12L), "why", "a b=\"c\"");

        assertThat(line(Format.TEXT, event))
                .isEqualTo("2026-11-23T16:50:12.100Z INFO  Place - done id=gen_1 millis=12 why=\"a b=\\\"c\\\"\"\n");
    }

    @Test
    void jsonHasTheSameUnderNames() throws IOException {
        LoggingEvent event = with(with(with(event("done"), "id", "gen_1"), "millis", 12L), "whole", true);

        assertThat(JSON.readTree(line(Format.JSON, event))).isEqualTo(JSON.readTree("""
                        {"time":"2026-11-23T16:50:12.100Z","level":"INFO","logger":"dev.runnel.some.Place",
                         "message":"done","id":"gen_1","millis":12,"whole":true}
                        """));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void textOfAClientForgesNoLineAndControlsNoTerminal(Format format) {
        LoggingEvent event = with(event(FORGED), "key", FORGED);
        event.setThrowableProxy(new ThrowableProxy(new IOException(FORGED)));

        String line = line(format, event);

        assertThat(line).endsWith("\n").contains("Forged");
        assertThat(line.strip()).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void exceptionAndItsCausesAreInTheSameLine(Format format) throws IOException {
        LoggingEvent event = event("failed");
        event.setThrowableProxy(
                new ThrowableProxy(new IllegalStateException("outer", new IOException("inner\nsecond line"))));

        String line = line(format, event);

        assertThat(line.lines()).hasSize(1);
        String stack =
                format == Format.JSON ? JSON.readTree(line).get("exception").textValue() : line;
        assertThat(stack)
                .contains("java.lang.IllegalStateException: outer", "at dev.runnel.log.LineEncoderTest")
                .contains("caused by java.io.IOException: inner\\nsecond line", " more");
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void lineHasABoundedLength(Format format) {
        LoggingEvent event = with(event("m".repeat(1_000_000)), "key", "k".repeat(1_000_000));
        Throwable cause = new IOException("c".repeat(1_000_000));
        for (int i = 0; i < 100; i++) {
            cause = new IOException("c".repeat(1_000_000), cause);
        }
        event.setThrowableProxy(new ThrowableProxy(cause));

        assertThat(line(format, event)).hasSizeLessThan(24_000);
    }

    @Property(tries = 500)
    void anyTextIsOneLineOfText(@ForAll @StringLength(max = 300) String text) {
        String line = line(Format.TEXT, with(event(text), "field", text));

        assertThat(line).endsWith("\n");
        assertThat(line.substring(0, line.length() - 1)).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
    }

    @Property(tries = 500)
    void anyTextIsOneLineOfJsonThatGivesItBack(@ForAll @StringLength(max = 250) String text) throws IOException {
        String line = line(Format.JSON, with(event(text), "field", text));

        JsonNode read = JSON.readTree(line);
        String whole = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(line.chars()).allMatch(c -> c < 128);
        assertThat(read.get("message").textValue()).isEqualTo(whole);
        assertThat(read.get("field").textValue()).isEqualTo(whole);
    }
}
