package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.net.URI;
import java.util.Optional;

/**
 * Traces.
 *
 * @param endpoint the URL that receives spans, by OTLP over HTTP; empty turns tracing off
 * @param sampling the share of traces that is kept, 0 … 1; for a trace that a client started, the client decides
 * @param serviceName the name of this service in traces
 */
public record TracingConfig(Optional<URI> endpoint, double sampling, String serviceName) {

    /** No tracing. */
    public static final TracingConfig OFF = new TracingConfig(Optional.empty(), 1, "runnel");

    static TracingConfig read(Section section) {
        return new TracingConfig(
                section.optional("endpoint", Rule.httpUrl()),
                section.required("sampling", Rule.number(0, 1)),
                section.required("serviceName", Rule.word()));
    }
}
