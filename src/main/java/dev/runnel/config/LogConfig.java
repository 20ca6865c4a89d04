package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;

/**
 * The log of the service, on standard error.
 *
 * @param level the lowest level of the service's own events that is logged
 * @param access whether each HTTP request is logged
 * @param generations whether each ended generation is logged, at INFO
 */
public record LogConfig(Format format, Level level, boolean access, boolean generations) {

    /** The format of a line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** The severity of an event. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    static LogConfig read(Section section) {
        return new LogConfig(
                section.required("format", Rule.oneOf(Format.class)),
                section.required("level", Rule.oneOf(Level.class)),
                section.required("access", Rule.bool()),
                section.required("generations", Rule.bool()));
    }
}
