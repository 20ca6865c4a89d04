package dev.runnel.http;

import dev.runnel.auth.AuthSettings;
import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.KeyRegistry;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.auth.Scope;
import dev.runnel.config.Allowance;
import dev.runnel.config.GenerationConfig;
import dev.runnel.config.HttpConfig;
import dev.runnel.config.LogConfig;
import dev.runnel.config.PlanConfig;
import dev.runnel.config.ResumeConfig;
import dev.runnel.config.TestConfig;
import dev.runnel.config.TracingConfig;
import dev.runnel.http.connection.AcceptedConnections;
import dev.runnel.http.connection.Compressors;
import dev.runnel.http.connection.ConnectionAccount;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.ConnectionLimits;
import dev.runnel.http.connection.Tls;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitDecision;
import dev.runnel.limit.LimitState;
import dev.runnel.limit.Limiter;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.MemoryBounds;
import dev.runnel.message.ModelState;
import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.KeyMeters;
import dev.runnel.metric.LimitMeters;
import dev.runnel.metric.MemoryMeters;
import dev.runnel.metric.Metrics;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.metric.StreamMeters;
import dev.runnel.resume.GenerationDirectory;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.trace.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The HTTP verticle on a free port, with real keys and without a generator. */
public final class TestService implements AutoCloseable {

    static final GenerationConfig GENERATION = new GenerationConfig(
            4096,
            256,
            64,
            Duration.ofSeconds(60),
            Duration.ofSeconds(120),
            Duration.ofSeconds(30),
            Duration.ofMinutes(30),
            4 << 20);
    static final ResumeConfig RESUME =
            new ResumeConfig(Duration.ofSeconds(3), Duration.ofSeconds(4), 64 << 20, 1000, 3);
    static final int COMPRESSED_STREAMS = 2;
    /** The time of day, in seconds since 1970. */
    static final long CREATED = 1_795_842_938;

    /** Its own: the metrics of the service are set when Vert.x is made. */
    private final Vertx vertx;

    private final Metrics metrics;
    private final Keyring keyring;
    private final KeyRegistry registry;
    private final HeldBytes memory;
    private final AcceptedConnections accepted;
    private final AtomicLong seconds = new AtomicLong(CREATED);
    private final AtomicLong limiterNanos = new AtomicLong();
    private final LocalLimiter limiter = new LocalLimiter(limiterNanos::get);
    private final AtomicInteger statesAsked = new AtomicInteger();
    private final List<HttpVerticle> instances = new ArrayList<>();
    private GenerationDirectory directory = GenerationDirectory.NONE;

    private TestService(
            Vertx vertx,
            AcceptedConnections accepted,
            Metrics metrics,
            Keyring keyring,
            KeyRegistry registry,
            MemoryBounds memory) {
        this.vertx = vertx;
        this.accepted = accepted;
        this.metrics = metrics;
        this.keyring = keyring;
        this.registry = registry;
        this.memory = new HeldBytes(memory, new MemoryMeters(metrics.registry(), EnumSet.allOf(HeldBytes.Bound.class)));
    }

    /** The plans that keys may name. */
    static List<PlanConfig> plans() {
        Allowance tight = new Allowance(
                OptionalInt.of(6),
                OptionalInt.of(1200),
                OptionalInt.of(2),
                OptionalInt.of(300),
                Optional.of(Set.of("echo", "broken")));
        Allowance single = new Allowance(
                OptionalInt.empty(), OptionalInt.of(100), OptionalInt.of(1), OptionalInt.empty(), Optional.empty());
        Allowance roomy = new Allowance(
                OptionalInt.of(1_000_000),
                OptionalInt.of(100_000_000),
                OptionalInt.of(5),
                OptionalInt.empty(),
                Optional.empty());
        return List.of(
                new PlanConfig("unlimited", Allowance.UNLIMITED),
                new PlanConfig("roomy", roomy),
                new PlanConfig("tight", tight),
                new PlanConfig("single", single, 0.5));
    }

    public static HttpConfig http() {
        return http(Duration.ZERO, Duration.ofSeconds(30));
    }

    public static HttpConfig http(Duration heartbeat, Duration stall) {
        String yaml = """
            http: { port: 0, heartbeat: %dms, stall: %dms, drain: 0, sendBufferBytes: 16384, compressedStreams: %d }
            """;
        return TestConfig.of(yaml.formatted(heartbeat.toMillis(), stall.toMillis(), COMPRESSED_STREAMS))
                .http();
    }

    static List<ModelState> models() {
        return List.of(
                new ModelState("echo", true, true, 2048, 2048, 1024, true, CREATED, null),
                new ModelState("other", false, true, 0, 4096, 0, false, CREATED, null),
                new ModelState("broken", false, false, 0, 4096, 1024, true, CREATED, "its file /secret/path is gone"));
    }

    public static TestService start() throws Exception {
        return start(http(), 1);
    }

    public static TestService start(HttpConfig http, int instances) throws Exception {
        return start(http, instances, ConnectionDeadlines.DEFAULT);
    }

    public static TestService start(HttpConfig http, int instances, ConnectionDeadlines deadlines) throws Exception {
        return start(http, instances, deadlines, new MemoryBounds(1 << 30, 1 << 28));
    }

    /** Of a cluster, whose generations are found in a directory. */
    static TestService start(GenerationDirectory directory) throws Exception {
        TestService service = open(new MemoryBounds(1 << 30, 1 << 28));
        service.directory = directory;
        service.deploy(http(), 1, ConnectionDeadlines.DEFAULT);
        return service;
    }

    static TestService start(HttpConfig http, int instances, ConnectionDeadlines deadlines, MemoryBounds memory)
            throws Exception {
        TestService service = open(memory);
        service.deploy(http, instances, deadlines);
        return service;
    }

    private static TestService open(MemoryBounds memory) throws Exception {
        Metrics metrics = new Metrics();
        VertxOptions options = new VertxOptions().setMetricsOptions(metrics.vertxOptions());
        options.setEventLoopPoolSize(2);
        AcceptedConnections accepted = new AcceptedConnections();
        Vertx vertx = accepted.into(Vertx.builder().with(options).withMetrics(metrics.vertxMetrics()))
                .build();
        Path data = Files.createTempDirectory("runnel-test");
        Keyring keyring = Keyring.open(vertx, AuthSettings.local(), data, InstantSource.system())
                .await(5, TimeUnit.SECONDS);
        KeyRegistry registry = new KeyRegistry(data, InstantSource.system());
        return new TestService(vertx, accepted, metrics, keyring, registry, memory);
    }

    /** Moves the clock that answers are dated by, which stands still at {@link #CREATED}. */
    void passSeconds(long count) {
        seconds.addAndGet(count);
    }

    /** What the service holds for clients. */
    HeldBytes memory() {
        return memory;
    }

    private void deploy(HttpConfig http, int count, ConnectionDeadlines deadlines) throws Exception {
        HttpSetup setup = setup(http);
        vertx.deployVerticle(() -> instance(setup, deadlines), new DeploymentOptions().setInstances(count))
                .await(10, TimeUnit.SECONDS);
    }

    private HttpSetup setup(HttpConfig http) throws TimeoutException {
        StreamMeters streams = new StreamMeters(metrics.registry());
        Optional<Tls> tls = Tls.open(vertx, "http.tls", http.tls()).await(10, TimeUnit.SECONDS);
        return new HttpSetup(
                http,
                GENERATION,
                RESUME,
                new KeptGenerations(RESUME, new ResumeMeters(metrics.registry()), System::nanoTime, directory),
                TestService::models,
                access(),
                streams,
                new RequestMeters(metrics.registry()),
                new Compressors(http.compressedStreams(), streams),
                new ConnectionAccount(
                        ConnectionLimits.ofProcess(http.connections()), new ConnectionMeters(metrics.registry())),
                accepted,
                memory,
                () -> false,
                tls,
                new LogConfig(LogConfig.Format.TEXT, LogConfig.Level.INFO, true, true),
                Tracing.of(TracingConfig.OFF),
                new SecureRandom(),
                () -> Instant.ofEpochSecond(seconds.get()));
    }

    /** What handlers declare. */
    List<Endpoint> endpoints() throws TimeoutException {
        HttpSetup setup = setup(http());
        Promise<List<Endpoint>> declared = Promise.promise();
        vertx.getOrCreateContext()
                .runOnContext(now -> RequestPipeline.open(vertx, setup, ConnectionDeadlines.DEFAULT)
                        .compose(opened -> {
                            List<Endpoint> all = opened.endpoints();
                            return opened.close().map(all);
                        })
                        .onComplete(declared));
        return declared.future().await(10, TimeUnit.SECONDS);
    }

    AccessControl access() {
        LimitMeters meters = limitMeters(metrics);
        return new AccessControl(
                keyring::authenticator,
                keyring.revocations(),
                new Plans(plans()),
                counted(limiter),
                meters,
                new Settlements(meters));
    }

    private Limiter counted(Limiter asked) {
        return new Limiter() {

            @Override
            public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
                return asked.admit(keyId, allowance, demand);
            }

            @Override
            public Future<LimitState> state(String keyId, Allowance allowance) {
                statesAsked.incrementAndGet();
                return asked.state(keyId, allowance);
            }
        };
    }

    static LimitMeters limitMeters(Metrics metrics) {
        KeyMeters keys = new KeyMeters(metrics.registry());
        return new LimitMeters(metrics.registry(), keys, EnumSet.allOf(LimitDecision.Reason.class));
    }

    private HttpVerticle instance(HttpSetup setup, ConnectionDeadlines deadlines) {
        HttpVerticle instance = new HttpVerticle(setup, deadlines);
        instances.add(instance);
        return instance;
    }

    public Vertx vertx() {
        return vertx;
    }

    Metrics metrics() {
        return metrics;
    }

    List<HttpVerticle> instances() {
        return instances;
    }

    public int port() {
        return instances.get(0).actualPort();
    }

    public String key() {
        return key(Scope.ALL, Duration.ofHours(1));
    }

    public String key(Set<Scope> scopes, Duration lifetime) {
        return keyring.issuer()
                .issue(new KeyRequest("ada", "unlimited", scopes, lifetime))
                .token();
    }

    /** A key of another caller. */
    String keyOf(String subject) {
        return keyring.issuer()
                .issue(new KeyRequest(subject, "unlimited", Scope.ALL, Duration.ofHours(1)))
                .token();
    }

    /** A new key of a plan. */
    IssuedKey issue(String plan) {
        return registry.issue(
                keyring.issuer(), new KeyRequest("ada", plan, Scope.ALL, Duration.ofHours(1), Allowance.UNLIMITED));
    }

    /** As the command line does it. */
    void revoke(IssuedKey key) {
        registry.revoke(key.id());
    }

    /** A new key of a plan, with these scopes only. */
    IssuedKey issue(String plan, Set<Scope> scopes) {
        return registry.issue(
                keyring.issuer(), new KeyRequest("ada", plan, scopes, Duration.ofHours(1), Allowance.UNLIMITED));
    }

    /** How often the limits were asked for what remains, besides admissions. */
    int statesAsked() {
        return statesAsked.get();
    }

    LocalLimiter limiter() {
        return limiter;
    }

    /** Lets time pass for the limits. */
    void pass(Duration time) {
        limiterNanos.addAndGet(time.toNanos());
    }

    /** A meter's value as a scrape shows it, 0 where it is not there yet. */
    public double metric(String line) {
        return metrics.scrape()
                .lines()
                .filter(candidate -> candidate.startsWith(line + " "))
                .mapToDouble(found -> Double.parseDouble(found.substring(line.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** How many connections are open. */
    public double connections() {
        return metric("vertx_http_server_active_connections{local=\"127.0.0.1:" + port() + "\"}");
    }

    @Override
    public void close() throws TimeoutException {
        keyring.close().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
        metrics.close();
    }
}
