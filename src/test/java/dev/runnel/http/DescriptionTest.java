package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runnel.config.TestConfig;
import dev.runnel.openapi.Description;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the description of the API is served. */
@ExtendWith(PlayedService.class)
class DescriptionTest {

    private static final String PATH = "/openapi.yaml";

    private final HttpWire client;

    DescriptionTest(HttpWire client) {
        this.client = client;
    }

    @Test
    void descriptionNeedsNoKey() throws Exception {
        Answer answer = client.get(PATH).answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
        assertThat(new YAMLMapper().readTree(answer.body()))
                .isEqualTo(Description.read().root());
    }

    @Test
    void knownDescriptionIsNotSentAgain() {
        Answer first = client.get(PATH).answer();

        Answer known =
                client.get(PATH, "If-None-Match: " + first.header("ETag")).head();
        Answer changed = client.get(PATH, "If-None-Match: W/\"0\"").answer();

        assertThat(known.status()).isEqualTo(304);
        assertThat(known.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(changed.status()).isEqualTo(200);
    }

    @Test
    void headHasTheHeadersOfGet() {
        Answer got = client.get(PATH).answer();
        Answer head = client.send(HttpWire.requestHead("HEAD", PATH)).head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).isEqualTo(got.header("ETag"));
        assertThat(head.header("Content-Type")).isEqualTo(got.header("Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.yml", "/openapi.json", "/openapi.yaml/", "/openapi%2eyaml", "/v1/openapi.yaml"})
    void descriptionHasOnePath(String path) {
        assertThat(client.get(path).answer().status()).isIn(401, 404);
    }

    @Test
    void descriptionIsServedWithoutThePlayground() throws Exception {
        try (TestService off = TestService.start(
                        TestConfig.of("http: { port: 0, playground: false }").http(), 1);
                HttpWire wire = new HttpWire(off.port())) {
            assertThat(wire.get("/").answer().status()).isEqualTo(404);
            assertThat(wire.get(PATH).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void pageOfAListedOriginMayReadTheDescription() throws Exception {
        String yaml = "http: { port: 0, cors: { origins: [ \"https://docs.example.com\" ] } }";
        try (TestService listed = TestService.start(TestConfig.of(yaml).http(), 1);
                HttpWire wire = new HttpWire(listed.port())) {
            Answer answer = wire.get(PATH, "Origin: https://docs.example.com").answer();

            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://docs.example.com");
            assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding, Origin");
        }
    }
}
