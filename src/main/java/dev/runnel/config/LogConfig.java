package dev.runnel.config;

/**
 * The log of the service, on standard error.
 *
 * @param level the least that is told of what this service itself logs
 * @param access whether there is a line for each HTTP request
 * @param generations whether there is a line for each generation that ended, at INFO
 */
public record LogConfig(Format format, Level level, boolean access, boolean generations) {

    /** How a line looks. */
    public enum Format {
        TEXT,
        JSON
    }

    /** How much an event matters. */
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
