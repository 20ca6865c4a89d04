package dev.runnel.engine.openai;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One of a model's upstream servers.
 *
 * @param url the API's root, {@code http://127.0.0.1:9000/v1}; no user, no fragment
 * @param model the server's name for the model
 * @param weight its share among the upstreams of the model, 1 … 1000
 * @param concurrent the limit of requests in progress, 1 … 65536
 * @param key the source of its key
 * @param http2 whether it uses HTTP/2: negotiated over TLS, with prior knowledge otherwise
 * @param trustFile a file of PEM certificates to trust in place of the Java platform's
 */
record UpstreamSettings(
        URI url,
        String model,
        int weight,
        int concurrent,
        CredentialSource key,
        boolean http2,
        Optional<Path> trustFile) {

    private static final Rule<String> VARIABLE =
            Rule.matching(Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}"), "the name of an environment variable");

    /** A path after the URL. */
    static final Rule<String> PATH = Rule.matching(
            Pattern.compile("(/[A-Za-z0-9._~%-]{1,64}){1,8}"), "a path after the upstream's URL, such as /completions");

    static UpstreamSettings read(Section section) {
        UpstreamSettings settings = new UpstreamSettings(
                section.required("url", Rule.httpUrl()),
                section.required("model", Rule.word()),
                section.value("weight", Rule.integer(1, 1000), 1),
                section.value("concurrent", Rule.integer(1, 65_536), 1024),
                key(section),
                section.value("http2", Rule.bool(), false),
                section.optional("trustFile", Rule.path()));
        if (settings.trustFile.isPresent() && !settings.isTls()) {
            section.complain("trustFile", "set", "absent where the URL is not an https URL");
        }
        return settings;
    }

    private static CredentialSource key(Section section) {
        Optional<String> variable = section.optional("keyEnv", VARIABLE);
        Optional<Path> file = section.optional("keyFile", Rule.path());
        if (variable.isPresent() && file.isPresent()) {
            section.complain("keyFile", "set", "absent where keyEnv is set");
        }
        return variable.<CredentialSource>map(CredentialSource.Environment::new)
                .or(() -> file.map(CredentialSource.File::new))
                .orElseGet(CredentialSource.None::new);
    }

    boolean isTls() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /** Without the brackets that an IPv6 address has in a URL. */
    String address() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return isTls() ? 443 : 80;
    }

    /**
     * Path and query of a request.
     *
     * @param route the path after the URL's
     */
    String uri(String route) {
        String path = url.getRawPath().replaceAll("/+$", "");
        return path + route + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }
}
