package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A line for people: {@code 2026-11-23T16:50:12.123Z INFO Shutdown - stopped name=value}. A value that is empty or
 * contains a space, a quote or an equals sign is quoted. A stack trace follows the fields in the same line.
 */
record TextLine(LogTime time) implements LineFormat {

    private static final int LEVEL_WIDTH = 5;

    TextLine() {
        this(new LogTime());
    }

    @Override
    public byte[] line(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        String level = event.getLevel().toString();
        String logger = event.getLoggerName();
        line.append(time.of(event.getTimeStamp())).append(' ').append(level);
        line.append(" ".repeat(1 + LEVEL_WIDTH - level.length()));
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(" - ");
        ControlCharacterEscaper.append(
                line, Objects.requireNonNullElse(event.getFormattedMessage(), ""), MESSAGE_CHARACTERS);
        fields(line, event.getKeyValuePairs());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(" | ").append(StackText.of(thrown, " | "));
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void fields(StringBuilder line, @Nullable List<KeyValuePair> fields) {
        if (fields == null) {
            return;
        }
        for (KeyValuePair field : fields) {
            line.append(' ').append(field.key).append('=');
            value(line, String.valueOf(field.value));
        }
    }

    private static void value(StringBuilder line, String value) {
        if (isPlain(value)) {
            ControlCharacterEscaper.append(line, value, VALUE_CHARACTERS);
        } else {
            line.append('"');
            ControlCharacterEscaper.append(line, value.replace("\\", "\\\\").replace("\"", "\\\""), VALUE_CHARACTERS);
            line.append('"');
        }
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '=') {
                return false;
            }
        }
        return !value.isEmpty();
    }
}
