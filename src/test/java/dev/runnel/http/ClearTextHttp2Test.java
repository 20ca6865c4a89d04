package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without TLS there is no HTTP/2, whether a client asks for it or begins with it. */
@ExtendWith(PlayedService.class)
class ClearTextHttp2Test {

    private static final String PROMPT = "{\"prompt\":\"x\"}";

    private final TestService service;
    private final PlayedGenerator generator;

    ClearTextHttp2Test(TestService service, PlayedGenerator generator) {
        this.service = service;
        this.generator = generator;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAQAAAAA",
                "Connection: Upgrade\r\nUpgrade: h2c",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: !"
            })
    void requestForItIsAnsweredOverHttp1(String upgrade) throws Exception {
        try (HttpWire client = new HttpWire(service.port())) {
            client.post("/v1/generate/stream", service.key(), PROMPT, upgrade);
            generator.accept().say("a").finish();

            assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("a");
        }
    }

    @Test
    void clientThatStartsWithItIsRefused() {
        try (HttpWire client = new HttpWire(service.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }
}
