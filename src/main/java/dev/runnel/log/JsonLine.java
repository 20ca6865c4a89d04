package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A line for programs: an object with {@code time}, {@code level}, {@code logger}, {@code message}, the event's fields
 * under their names, and {@code exception}. The line is ASCII, so no terminal or log shipper can interpret a character
 * in it.
 */
record JsonLine(JsonFactory json, LogTime time) implements LineFormat {

    JsonLine() {
        this(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build(), new LogTime());
    }

    @Override
    public byte[] line(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator out = json.createGenerator(line)) {
            out.writeStartObject();
            out.writeStringField("time", time.of(event.getTimeStamp()));
            out.writeStringField("level", event.getLevel().toString());
            out.writeStringField("logger", event.getLoggerName());
            String message = Objects.requireNonNullElse(event.getFormattedMessage(), "");
            out.writeStringField("message", cut(message, MESSAGE_CHARACTERS));
            fields(out, event.getKeyValuePairs());
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                out.writeStringField("exception", StackText.of(thrown, "\n"));
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static void fields(JsonGenerator out, @Nullable List<KeyValuePair> fields) throws IOException {
        if (fields == null) {
            return;
        }
        for (KeyValuePair field : fields) {
            out.writeFieldName(field.key);
            if (field.value instanceof Number number) {
                out.writeNumber(number.longValue());
            } else if (field.value instanceof Boolean flag) {
                out.writeBoolean(flag);
            } else {
                out.writeString(cut(String.valueOf(field.value), VALUE_CHARACTERS));
            }
        }
    }

    /** Replaces an unpaired surrogate: it has no UTF-8 form, and writing it would fail. */
    private static String cut(String text, int most) {
        StringBuilder kept = new StringBuilder();
        text.codePoints()
                .limit(most)
                .forEach(c -> kept.appendCodePoint(Character.getType(c) == Character.SURROGATE ? '�' : c));
        return kept.length() < text.length() ? kept.append('…').toString() : kept.toString();
    }
}
