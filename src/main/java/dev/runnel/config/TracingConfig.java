package dev.runnel.config;

import java.net.URI;
import java.net.URISyntaxException;
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

    private static final Rule<URI> ENDPOINT = new Rule<>(
            "an http or https URL without a user, a password or a fragment",
            URI.create("http://127.0.0.1:4318/v1/traces"),
            TracingConfig::url,
            true);

    static TracingConfig read(Section section) {
        return new TracingConfig(
                section.optional("endpoint", ENDPOINT),
                section.required("sampling", Rule.number(0, 1)),
                section.required("serviceName", Rule.word()));
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean plain = url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
            return Optional.of(url).filter(u -> http && plain && u.getPort() <= 65_535);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
