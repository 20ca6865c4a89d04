package dev.runnel.bench;

import dev.runnel.auth.Authenticator;
import dev.runnel.auth.Caller;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Keyring;
import dev.runnel.auth.Plans;
import dev.runnel.auth.Scope;
import dev.runnel.config.Allowance;
import dev.runnel.config.AuthConfig;
import dev.runnel.config.IssuerConfig;
import dev.runnel.config.PlanConfig;
import dev.runnel.config.PublicKeyConfig;
import dev.runnel.limit.Demand;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitState;
import dev.runnel.limit.Limiter;
import dev.runnel.limit.LocalLimiter;
import dev.runnel.limit.Window;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What keys and limits add to a request, in CPU time of the thread that does it: {@code java -cp …
 * dev.runnel.bench.KeyBenchmark}. A request is authenticated, its plan is looked up, and headers get its limits. Then
 * it is admitted, its headers are written again, and it is settled.
 */
public final class KeyBenchmark {

    private static final int WARM_UP_ROUNDS = 10;
    private static final int ROUNDS = 15;
    /** Requests in a round; as many tokens, each new to its authenticator, where none is to be remembered. */
    private static final int REQUESTS = 2_000;

    private static final int RSA_BITS = 2048;
    private static final Demand DEMAND = new Demand(400, 256);
    private static final int USED_TOKENS = 200;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Keyring keyring;
    private final KeyPair rsa;
    private final Limiter limiter = new LocalLimiter(System::nanoTime);
    private final Plans plans = new Plans(List.of(new PlanConfig(
            "standard",
            new Allowance(
                    OptionalInt.of(1_000_000),
                    OptionalInt.of(100_000_000),
                    OptionalInt.of(100),
                    OptionalInt.of(4096),
                    Optional.empty()))));

    private KeyBenchmark(Keyring keyring, KeyPair rsa) {
        this.keyring = keyring;
        this.rsa = rsa;
    }

    public static void main(String[] args) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        KeyPair rsa = generator.generateKeyPair();
        Vertx vertx = Vertx.vertx();
        try {
            Path data = Files.createTempDirectory("runnel-bench");
            Keyring keyring = Keyring.open(vertx, config(data, rsa), data, InstantSource.system())
                    .await();
            new KeyBenchmark(keyring, rsa).run();
            keyring.close().await();
        } finally {
            vertx.close().await();
        }
    }

    private static AuthConfig config(Path data, KeyPair rsa) throws IOException {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(rsa.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        Path file = Files.writeString(data.resolve("ci.pem"), pem);
        IssuerConfig ci = new IssuerConfig(
                "ci",
                "runnel",
                Optional.empty(),
                Optional.empty(),
                List.of(new PublicKeyConfig(Optional.of("ci-1"), "RS256", file)),
                Duration.ofMinutes(10));
        return new AuthConfig(
                Optional.empty(), "runnel", "runnel", Duration.ofSeconds(5), Duration.ofDays(366), List.of(ci));
    }

    private void run() throws GeneralSecurityException {
        List<String> one = List.of("Bearer " + local());
        List<String> locals = many(() -> "Bearer " + local());
        List<String> foreign = many(() -> "Bearer " + signedByCi());
        Authenticator remembering = keyring.authenticator();
        System.out.println("CPU per request, µs: median (least … most) of " + ROUNDS + " rounds of " + REQUESTS);
        System.out.println("| what | µs | goal |");
        System.out.println("|---|---|---|");
        print("key alone, HS256, remembered", measure(() -> remembering, one, caller -> {}), "");
        print("key alone, HS256, not remembered", measure(keyring::authenticator, locals, caller -> {}), "");
        print("key alone, RS256, not remembered", measure(keyring::authenticator, foreign, caller -> {}), "");
        print("key and limits, HS256, remembered", measure(() -> remembering, one, this::limits), "50");
        print("key and limits, RS256, not remembered", measure(keyring::authenticator, foreign, this::limits), "150");
    }

    private static void print(String what, Samples samples, String goal) {
        System.out.println("| " + what + " | " + samples.show("%.1f") + " | " + goal + " |");
    }

    private static List<String> many(Supplier<String> one) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            all.add(one.get());
        }
        return all;
    }

    private String local() {
        return keyring.issuer()
                .issue(new KeyRequest("bench", "standard", Scope.ALL, Duration.ofHours(1)))
                .token();
    }

    private String signedByCi() {
        long now = Instant.now().getEpochSecond();
        JsonObject header =
                new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", "ci-1");
        JsonObject claims = new JsonObject()
                .put("iss", "ci")
                .put("aud", "runnel")
                .put("sub", "bench")
                .put("jti", "key_" + System.nanoTime())
                .put("iat", now)
                .put("exp", now + 3600)
                .put("plan", "standard")
                .put("scope", "generate observe");
        String input = base64(header.encode()) + "." + base64(claims.encode());
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(rsa.getPrivate());
            signature.update(input.getBytes(StandardCharsets.UTF_8));
            return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Samples measure(Supplier<Authenticator> authenticators, List<String> headers, Consumer<Caller> rest) {
        Samples samples = new Samples();
        for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
            Authenticator authenticator = authenticators.get();
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < REQUESTS; i++) {
                Caller caller = authenticator
                        .authenticate(headers.get(i % headers.size()))
                        .result();
                rest.accept(caller);
            }
            double micros = (threads.getCurrentThreadCpuTime() - before) / 1e3 / REQUESTS;
            if (round >= WARM_UP_ROUNDS) {
                samples.add(micros);
            }
        }
        return samples;
    }

    private void limits(Caller caller) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        Allowance allowance = plans.allowanceOf(caller).orElseThrow();
        addHeaders(headers, limiter.state(caller.keyId(), allowance).result());
        Admitted admitted =
                (Admitted) limiter.admit(caller.keyId(), allowance, DEMAND).result();
        addHeaders(headers, admitted.state());
        admitted.permit().settle(USED_TOKENS);
    }

    private static void addHeaders(MultiMap headers, LimitState state) {
        state.requests().ifPresent(window -> addHeaders(headers, "requests", window));
        state.tokens().ifPresent(window -> addHeaders(headers, "tokens", window));
    }

    private static void addHeaders(MultiMap headers, String what, Window window) {
        headers.set("x-ratelimit-limit-" + what, Integer.toString(window.limit()));
        headers.set("x-ratelimit-remaining-" + what, Integer.toString(window.remaining()));
        headers.set("x-ratelimit-reset-" + what, Long.toString(window.resetSeconds()));
    }
}
