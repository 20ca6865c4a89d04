package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import dev.runnel.auth.IssuedKey;
import dev.runnel.auth.SigningSecret;
import dev.runnel.pem.MadeCertificate;
import dev.runnel.sse.HttpWire;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** No key, secret, prompt or generated text is in any log line, ours, Vert.x's or Netty's, at any level. */
class SilentLogTest {

    private static final String PROMPT = "Xylophonists-prompt";
    private static final String TEXT = "Quixotically-generated";
    private static final String STOP = "Zugzwang-stop";

    private static final String CONFIG = """
            defaultModel: quick
            models:
              - { name: quick, engine: scripted, text: "%1$s and %1$s" }
              - { name: echo, engine: scripted, echo: true }
              - { name: fails, engine: scripted, text: "%1$s and %1$s", failAfter: 1 }
              - { name: upstream, engine: scripted, text: "%1$s and %1$s", failAfter: 0, failure: upstream_failed }
              - { name: stalls, engine: scripted, text: "%1$s and %1$s", stallAfter: 1 }
              - { name: closed, engine: scripted, unavailable: repairs }
              - { name: endless, engine: scripted, text: "%1$s ", repeat: true, interval: 1ms }
            generation: { nextToken: 200ms, maxTokens: 1000000 }
            plans:
              - { name: unlimited }
              - { name: tight, requestsPerMinute: 1, tokensPerMinute: 100 }
            """.formatted(TEXT);

    /** The loggers that an operator turns up to find a fault. */
    private static final List<String> NOISY =
            List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, "dev.runnel", "io.vertx", "io.netty", "com.github.benmanes");

    private static final String STREAM = "/v1/generate/stream";
    private static final String GENERATE = "/v1/generate";

    @TempDir
    Path folder;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
    private final Map<Logger, Optional<Level>> levels = new HashMap<>();
    private final Capture capture = new Capture();

    /** Keeps everything that an appender could print. */
    private static final class Capture extends AppenderBase<ILoggingEvent> {

        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            lines.add(event.getLoggerName() + " " + event.getLevel() + " " + event.getFormattedMessage() + " "
                    + Arrays.deepToString(event.getArgumentArray()) + " " + event.getMDCPropertyMap()
                    + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
        }
    }

    @BeforeEach
    void listenToEverything() {
        for (String name : NOISY) {
            Logger logger = context.getLogger(name);
            levels.put(logger, Optional.ofNullable(logger.getLevel()));
            logger.setLevel(Level.TRACE);
        }
        for (Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders(); appenders.hasNext(); ) {
            usual.add(appenders.next());
        }
        usual.forEach(root::detachAppender);
        capture.start();
        root.addAppender(capture);
    }

    @AfterEach
    void listenAsUsual() {
        root.detachAppender(capture);
        usual.forEach(root::addAppender);
        levels.forEach((logger, level) -> logger.setLevel(level.orElse(null)));
    }

    @Test
    void nothingOfACallersIsInTheLog() throws Exception {
        List<String> forbidden = new ArrayList<>(List.of(PROMPT, TEXT, STOP));
        try (RealService service = RealService.start(CONFIG)) {
            IssuedKey key = service.issue("unlimited", Duration.ofHours(1));
            IssuedKey tight = service.issue("tight", Duration.ofHours(1));
            IssuedKey over = service.issue("unlimited", Duration.ofSeconds(1));
            List.of(key, tight, over).forEach(each -> forbidden.addAll(parts(each.token())));
            forbidden.addAll(parts(service.key()));
            forbidden.add(Files.readString(service.data().resolve(SigningSecret.FILE_NAME))
                    .strip());

            everyModel(service, key.token());
            badBodies(service, key.token());
            badKeys(service, key.token(), over.token());
            limits(service, tight.token());
            clientsThatLeave(service, key.token());
            revocation(service, key);
        }
        forbidden.addAll(parts(overHttp2()));

        InternalLoggerFactory.getInstance("io.netty").trace("heard");
        assertThat(capture.lines)
                .anyMatch(line -> line.startsWith("dev.runnel."))
                .anyMatch(line -> line.startsWith("io.vertx."))
                .anyMatch(line -> line.startsWith("io.netty TRACE heard"));
        for (String secret : forbidden) {
            assertThat(capture.lines).noneMatch(line -> line.contains(secret));
        }
    }

    /** A key, and its secret part: the signature. */
    private static List<String> parts(String token) {
        return List.of(token, token.substring(token.lastIndexOf('.') + 1));
    }

    private static void everyModel(RealService service, String key) {
        for (String model : List.of("quick", "echo", "fails", "upstream", "stalls", "closed", "none")) {
            for (String path : List.of(STREAM, GENERATE)) {
                send(service, path, key, body(model, 50));
            }
        }
    }

    private static void badBodies(RealService service, String key) {
        for (String body : List.of(
                "{\"prompt\":\"" + PROMPT,
                "{\"prompt\":[\"" + PROMPT + "\"]}",
                "{\"prompt\":\"" + PROMPT + "\",\"prompt\":\"" + PROMPT + "\"}",
                "{\"prompt\":\"" + PROMPT + "\",\"" + PROMPT + "\":1}",
                "{\"prompt\":\"" + PROMPT + "\",\"stop\":[\"" + STOP.repeat(10) + "\"]}",
                "{\"prompt\":\"" + PROMPT + "\",\"model\":\"" + PROMPT + "\"}",
                "{\"prompt\":\"" + PROMPT.repeat(10_000) + "\"}")) {
            send(service, GENERATE, key, body);
        }
        // Not sent to its end: the service closes the connection at some point of a body that it will not have.
        try (HttpWire wire = service.connect()) {
            String head = HttpWire.requestHead(
                    "POST", GENERATE, HttpWire.bearer(key), HttpWire.JSON, "Content-Length: 100000000");
            wire.send(head + PROMPT.repeat(1_000));
            assertThat(wire.answer().status()).isEqualTo(413);
        }
    }

    private static void badKeys(RealService service, String key, String over) {
        for (String bad : List.of(
                over,
                key + "x",
                key + "." + key,
                "x" + key,
                key.substring(0, key.length() - 3),
                key.repeat(30),
                key.repeat(500))) {
            send(service, GENERATE, bad, body("quick", 5));
        }
        get(service, "/v1/models?key=" + key + "&access_token=" + key);
        get(service, "/v1/models", "Authorization: Basic " + key);
        get(service, "/v1/models", "Cookie: key=" + key, "X-Request-Id: " + key + " " + key);
        get(service, "/v1/%zz" + key, HttpWire.bearer(key));
        get(service, "/v1/models", "Authorization : Bearer " + key, "\0: " + key);
    }

    private static void limits(RealService service, String key) {
        send(service, GENERATE, key, body("quick", 5));
        send(service, GENERATE, key, body("quick", 5));
        send(service, GENERATE, key, body("quick", 5000));
    }

    private static void clientsThatLeave(RealService service, String key) {
        for (String path : List.of(STREAM, GENERATE)) {
            service.connect().post(path, key, body("endless", 1_000_000)).close();
        }
        HttpWire stream = service.connect().post(STREAM, key, body("endless", 1_000_000));
        stream.head();
        stream.event();
        stream.close();
    }

    /** The key that it used. */
    private String overHttp2() throws Exception {
        MadeCertificate certificate = MadeCertificate.of("silent", "EC");
        String tls = ", tls: { certificateFile: %s, keyFile: %s }"
                .formatted(
                        Files.writeString(folder.resolve("certificate.pem"), certificate.certificatePem()),
                        Files.writeString(folder.resolve("key.pem"), certificate.keyPem()));
        try (RealService service = RealService.start(tls, CONFIG)) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(certificate.trusting()).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + service.port() + STREAM))
                    .header("Authorization", "Bearer " + service.key())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body("quick", 5)))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).contains(TEXT);
            return service.key();
        }
    }

    private static void revocation(RealService service, IssuedKey key) {
        try (HttpWire wire = service.connect().post(STREAM, key.token(), body("endless", 1_000_000))) {
            wire.head();
            service.revoke(key.id());
            List<String> events = Stream.generate(wire::chunk)
                    .takeWhile(Optional::isPresent)
                    .map(chunk -> new String(chunk.orElseThrow(), StandardCharsets.UTF_8))
                    .toList();
            assertThat(events.get(events.size() - 1)).contains("authentication_error");
        }
    }

    private static String body(String model, int maxTokens) {
        return "{\"prompt\":\"" + PROMPT + "\",\"stop\":[\"" + STOP + "\"],\"maxTokens\":" + maxTokens + ",\"model\":\""
                + model + "\"}";
    }

    private static void send(RealService service, String path, String key, String body) {
        try (HttpWire wire = service.connect()) {
            wire.post(path, key, body);
            assertThat(wire.answer().status()).isPositive();
        }
    }

    private static void get(RealService service, String path, String... headers) {
        try (HttpWire wire = service.connect()) {
            assertThat(wire.get(path, headers).answer().status()).isGreaterThanOrEqualTo(400);
        }
    }
}
