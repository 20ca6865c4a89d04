package dev.runnel.it;

import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyIssuer;
import dev.runnel.auth.KeyRegistry;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import dev.runnel.conformance.Trust;
import dev.runnel.conformance.session.KeyRole;
import dev.runnel.conformance.session.ModelRole;
import dev.runnel.conformance.session.Setup;
import dev.runnel.conformance.wire.Target;
import dev.runnel.engine.llama.TinyModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The service with every key and model that a case of the conformance suite can need. */
final class ConformService implements AutoCloseable {

    private static final String ORIGIN = "http://localhost:3000";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final String CONFIG = """
            http: { heartbeat: 2s, cors: { origins: [ "http://localhost:3000" ] } %s }
            generation: { queue: 4 }
            plans:
              - { name: unlimited }
              - { name: limited, requestsPerMinute: 3, tokensPerMinute: 1000 }
              - { name: concurrent, concurrentGenerations: 2 }
              - { name: narrow, maxTokens: 20, models: [ text ] }
            defaultModel: text
            models:
              - { name: text, engine: scripted, text: "Once upon a time a river – café, 日本, 😀 – ran to the sea." }
              - { name: echo, engine: scripted, echo: true }
              - { name: slow, engine: scripted, text: "on and on ", repeat: true, interval: 20ms }
              - { name: silent, engine: scripted, firstToken: 1h }
              - { name: single, engine: scripted, text: "one by one ", repeat: true, interval: 20ms, sequences: 1 }
              - { name: failing, engine: scripted, text: "Once upon a time", failAfter: 3 }
              - { name: dead, engine: scripted, failAfter: 0 }
              - { name: small, engine: scripted, contextTokens: 64 }
              - { name: broken, engine: scripted, unavailable: "under repair" }
            """;

    private static final String REAL_MODELS = """
              - { name: tiny, engine: llama, sources: [ { file: %s } ], contextCells: 4096, threads: 1 }
              - { name: relayed, engine: openai, upstreams: [ { url: "%s", model: words } ] }
            """;

    private final RunningService service;
    private final Map<KeyRole, String> keys;
    private final Optional<Path> certificate;

    private ConformService(RunningService service, Map<KeyRole, String> keys, Optional<Path> certificate) {
        this.service = service;
        this.keys = keys;
        this.certificate = certificate;
    }

    static ConformService start(Path data) {
        return start(data, "", CONFIG, Optional.empty());
    }

    /** With a model of llama.cpp, {@code tiny}, and one of an upstream, {@code relayed}. */
    static ConformService start(Path data, WordUpstream upstream) throws IOException {
        Path file = TinyModel.write(data.resolve("tiny.gguf"));
        return start(data, "", CONFIG + REAL_MODELS.formatted(file, upstream.url()), Optional.empty());
    }

    /** With TLS, from {@code certificate.pem} and {@code key.pem} in the folder. */
    static ConformService startWithTls(Path data) {
        String tls = ", tls: { certificateFile: certificate.pem, keyFile: key.pem }";
        return start(data, tls, CONFIG, Optional.of(data.resolve("certificate.pem")));
    }

    /** @param http further settings of the service port, after a comma */
    private static ConformService start(Path data, String http, String config, Optional<Path> certificate) {
        RunningService service = RunningService.start(Launch.IN_PROCESS, config.formatted(http), data);
        RunnelConfig read = RunningService.read(data.resolve("test.yaml"), data);
        return new ConformService(service, keys(read), certificate);
    }

    private static Map<KeyRole, String> keys(RunnelConfig config) {
        Map<KeyRole, String> keys =
                RunningService.issuing(config, InstantSource.system(), issuer -> keys(config, issuer));
        InstantSource past = InstantSource.fixed(Instant.now().minus(Duration.ofDays(1)));
        keys.put(
                KeyRole.EXPIRED,
                RunningService.issuing(config, past, issuer -> key(issuer, "ada", "unlimited", Scope.ALL)));
        return keys;
    }

    private static Map<KeyRole, String> keys(RunnelConfig config, KeyIssuer issuer) {
        Map<KeyRole, String> keys = new EnumMap<>(KeyRole.class);
        keys.put(KeyRole.MAIN, key(issuer, "ada", "unlimited", Scope.ALL));
        keys.put(KeyRole.SECOND, key(issuer, "ada", "unlimited", Scope.ALL));
        keys.put(KeyRole.OTHER, key(issuer, "bob", "unlimited", Scope.ALL));
        keys.put(KeyRole.OBSERVE, key(issuer, "ada", "unlimited", Set.of(Scope.OBSERVE)));
        keys.put(KeyRole.GENERATE, key(issuer, "ada", "unlimited", Set.of(Scope.GENERATE)));
        keys.put(KeyRole.LIMITED, key(issuer, "cyd", "limited", Scope.ALL));
        keys.put(KeyRole.CONCURRENT, key(issuer, "dee", "concurrent", Scope.ALL));
        keys.put(KeyRole.NARROW, key(issuer, "eve", "narrow", Scope.ALL));
        IssuedKey revoked = issuer.issue(request("ada", "unlimited", Scope.ALL));
        new KeyRegistry(config.dataDirectory(), InstantSource.system()).revoke(revoked.id());
        keys.put(KeyRole.REVOKED, revoked.token());
        return keys;
    }

    private static String key(KeyIssuer issuer, String subject, String plan, Set<Scope> scopes) {
        return issuer.issue(request(subject, plan, scopes)).token();
    }

    private static KeyRequest request(String subject, String plan, Set<Scope> scopes) {
        return new KeyRequest(subject, plan, scopes, Duration.ofHours(1));
    }

    /** A run of the suite against this service. */
    Setup setup() throws IOException {
        String scheme = certificate.isPresent() ? "https://localhost:" : "http://127.0.0.1:";
        return setup(URI.create(scheme + service.ports().http()));
    }

    /** A run on another model, without those that only scripts have. */
    Setup setup(Map<ModelRole, String> models) throws IOException {
        Setup all = setup();
        return new Setup(all.target(), keys, models, all.origin(), false);
    }

    private Setup setup(URI url) throws IOException {
        Target target = new Target(
                url, certificate.isPresent() ? Optional.of(Trust.context(certificate)) : Optional.empty(), TIMEOUT);
        Map<ModelRole, String> models = Map.of(
                ModelRole.TEXT, "text",
                ModelRole.UNICODE, "echo",
                ModelRole.SLOW, "slow",
                ModelRole.SILENT, "silent",
                ModelRole.SINGLE, "single",
                ModelRole.FAILING, "failing",
                ModelRole.DEAD, "dead");
        return new Setup(target, keys, models, Optional.of(ORIGIN), true);
    }

    @Override
    public void close() {
        service.close();
    }
}
