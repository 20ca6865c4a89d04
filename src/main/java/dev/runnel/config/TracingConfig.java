package dev.runnel.config;

import java.net.URI;
import java.util.Optional;

/**
 * Traces.
 *
 * @param endpoint where spans are sent, by OTLP over HTTP; empty where there is no tracing
 * @param sampling the share of traces that are kept of those that begin here, 0 … 1; who calls decides for its own
 * @param serviceName what this service is called in a trace
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
