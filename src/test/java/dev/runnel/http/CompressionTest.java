package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(FreshService.class)
class CompressionTest {

    private static final String PROMPT = "{\"prompt\":\"Tell me a story\"}";
    private static final int GZIP_HEADER_BYTES = 10;
    private static final int TOKENS = 2048;
    private static final List<String> WORDS = List.of(
            "the",
            "a",
            "little",
            "girl",
            "named",
            "Lily",
            "who",
            "was",
            "very",
            "happy",
            "because",
            "she",
            "had",
            "found",
            "her",
            "red",
            "ball",
            "in",
            "park",
            "and",
            "then",
            "they",
            "played",
            "together",
            "until",
            "it",
            "rained");

    private final TestService service;
    private final PlayedGenerator generator;

    CompressionTest(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
    }

    private HttpWire stream(String... headers) {
        return new HttpWire(service.port()).post("/v1/generate/stream", service.key(), PROMPT, headers);
    }

    @Test
    void streamIsGzippedWhereTheClientAsksForIt() throws Exception {
        try (HttpWire client = stream("Accept-Encoding: gzip")) {
            generator.accept().say("a").say("b😀").say("c").finish();

            HttpWire.Answer answer = client.answer();

            assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(StreamRules.check(gunzip(answer.bytes())).text()).isEqualTo("ab😀c");
        }
    }

    @Test
    void streamIsBrotliWhereTheClientPrefersIt() throws Exception {
        Brotli4jLoader.ensureAvailability();
        try (HttpWire client = stream("Accept-Encoding: gzip;q=0.5, br")) {
            generator.accept().say("a").say("b😀").say("c").finish();

            HttpWire.Answer answer = client.answer();

            assertThat(answer.header("Content-Encoding")).isEqualTo("br");
            byte[] plain = new BrotliInputStream(new ByteArrayInputStream(answer.bytes())).readAllBytes();
            assertThat(StreamRules.check(plain).text()).isEqualTo("ab😀c");
        }
    }

    @Test
    void eachEventCanBeReadBeforeTheNextIsWritten() throws Exception {
        Inflater inflater = new Inflater(true);
        try (HttpWire client = stream("Accept-Encoding: gzip")) {
            PlayedGenerator.Play play = generator.accept();
            client.head();
            play.say("Once");
            StringBuilder read = new StringBuilder();

            inflate(inflater, client, GZIP_HEADER_BYTES, read, "\"delta\":\"Once\"}\n\n");
            play.say(" upon");
            inflate(inflater, client, 0, read, "\"delta\":\" upon\"}\n\n");

            assertThat(read).contains("\"text\":\"Once upon\"");
        } finally {
            inflater.end();
        }
    }

    /** Reads chunks until what they hold ends as expected. */
    private static void inflate(Inflater inflater, HttpWire client, int skip, StringBuilder into, String expectedEnd)
            throws DataFormatException {
        byte[] plain = new byte[4096];
        int header = skip;
        while (into.indexOf(expectedEnd) < 0) {
            byte[] chunk = client.chunk().orElseThrow();
            int skipped = Math.min(header, chunk.length);
            header -= skipped;
            inflater.setInput(chunk, skipped, chunk.length - skipped);
            int length = inflater.inflate(plain);
            into.append(new String(plain, 0, length, StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Accept-Encoding: identity", "Accept-Encoding: gzip;q=0", "Accept-Encoding: zstd", "X: none"})
    void streamIsPlainForOtherClients(String header) throws Exception {
        try (HttpWire client = stream(header)) {
            generator.accept().say("a").finish();

            HttpWire.Answer answer = client.answer();

            assertThat(answer.headers()).doesNotContainKey("content-encoding");
            assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
            StreamRules.checkChunks(answer.chunks());
            assertThat(StreamRules.check(answer.bytes()).text()).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br;q=0", "gzip;q=0.5, br;q=0.0", "brotli-x", "*, br; q=0"})
    void codingThatTheClientDoesNotAcceptIsNotUsed(String wanted) throws Exception {
        try (HttpWire client = stream("Accept-Encoding: " + wanted)) {
            generator.accept().say("a").finish();

            assertThat(client.answer().headers().get("content-encoding")).isNotEqualTo("br");
        }
        try (HttpWire client = new HttpWire(service.port())) {
            client.get("/v1/models", HttpWire.bearer(service.key()), "Accept-Encoding: " + wanted);

            HttpWire.Answer answer = client.answer();

            assertThat(answer.headers().get("content-encoding")).isNotEqualTo("br");
            assertThat(answer.headers().get("content-encoding")).isNotEqualTo("identity");
        }
    }

    /** Netty alone needs 18 ms for the second. */
    @Test
    void headerThatIsTooLongAsksForNothing() throws Exception {
        String many = "gzip" + ", br".repeat(64);
        for (String wanted : List.of(many, "gzip" + ",=".repeat(7_000), "gzip\r\nAccept-Encoding: " + many)) {
            try (HttpWire client = stream("Accept-Encoding: " + wanted)) {
                generator.accept().say("a").finish();

                assertThat(client.answer().headers()).doesNotContainKey("content-encoding");
            }
            try (HttpWire client = new HttpWire(service.port())) {
                client.get("/v1/models", "Accept-Encoding: " + wanted);

                assertThat(client.answer().headers()).doesNotContainKey("content-encoding");
            }
        }
    }

    @Test
    void streamsBeyondTheBoundAreSentAsTheyAre() throws Exception {
        try (HttpWire first = stream("Accept-Encoding: gzip");
                HttpWire second = stream("Accept-Encoding: gzip");
                HttpWire third = stream("Accept-Encoding: gzip")) {
            PlayedGenerator.Play one = generator.accept();
            PlayedGenerator.Play two = generator.accept();
            PlayedGenerator.Play three = generator.accept();
            long compressed = java.util.stream.Stream.of(first, second, third)
                    .filter(client -> "gzip".equals(client.head().headers().get("content-encoding")))
                    .count();
            assertThat(compressed).isEqualTo(TestService.COMPRESSED_STREAMS);
            assertThat(service.metric("runnel_streams_compressed")).isEqualTo(TestService.COMPRESSED_STREAMS);
            assertThat(service.metric("runnel_streams_uncompressed_total")).isEqualTo(1);
            one.finish();
            two.finish();
            three.finish();
            await().until(() -> service.metric("runnel_streams_compressed") == 0);
        }
        try (HttpWire later = stream("Accept-Encoding: gzip")) {
            generator.accept().finish();
            assertThat(later.answer().header("Content-Encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void longAnswerCostsAThirtiethOfItsBytes() throws Exception {
        try (HttpWire client = stream("Accept-Encoding: gzip")) {
            send(generator.accept());

            byte[] compressed = client.answer().bytes();

            assertThat(compressed.length).isLessThan(gunzip(compressed).length / 30);
        }
    }

    /** Words that come again, in ever another order, as in prose: the worst for a level that looks at few places. */
    private static void send(PlayedGenerator.Play play) {
        Random words = new Random(1);
        for (int i = 0; i < TOKENS; i++) {
            play.say(" " + WORDS.get(words.nextInt(WORDS.size())));
        }
        play.finish(FinishReason.LENGTH, new Usage(4, TOKENS, false));
    }

    @Test
    void jsonIsCompressedTooAndSaysThatItVaries() throws Exception {
        try (HttpWire client = new HttpWire(service.port())) {
            client.get("/v1/models", HttpWire.bearer(service.key()), "Accept-Encoding: gzip");

            HttpWire.Answer answer = client.answer();

            assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(new String(gunzip(answer.bytes()), StandardCharsets.UTF_8))
                    .contains("\"name\":\"echo\"");
        }
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        new GZIPInputStream(new ByteArrayInputStream(bytes)).transferTo(plain);
        return plain.toByteArray();
    }
}
