package dev.runnel.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.runnel.config.LogConfig;

/** Writes each event as one line, in text or in JSON. {@code logback.xml} names this class. */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};

    private volatile LineFormat format = new TextLine();

    /** Applies to the next line. Any thread may call it. */
    public void setFormat(LogConfig.Format chosen) {
        format = switch (chosen) {
            case TEXT -> new TextLine();
            case JSON -> new JsonLine();
        };
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return format.line(event);
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
