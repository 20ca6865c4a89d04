package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.OpenSubmits;
import dev.runnel.message.Submit;
import dev.runnel.sse.HttpWire;
import io.vertx.core.eventbus.Message;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves while its prompt waits: the generator finds out before it prepares the prompt. */
@ExtendWith(PlayedService.class)
class GoneBeforeAnswerTest {

    private final TestService service;
    private final PlayedGenerator generator;
    private final HttpWire client;

    GoneBeforeAnswerTest(TestService service, PlayedGenerator generator, HttpWire client) {
        this.service = service;
        this.generator = generator;
        this.client = client;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/generate", "/v1/generate/stream"})
    void submitOfAClientThatLeftIsAbandoned(String path) throws Exception {
        client.post(path, service.key(), "{\"prompt\":\"x\"}");
        Message<Submit> submit = generator.submit();
        assertThat(OpenSubmits.isAbandoned(service.vertx(), submit.body())).isFalse();

        client.close();

        await().until(() -> OpenSubmits.isAbandoned(service.vertx(), submit.body()));
        generator.accept(submit);
        assertThat(generator.cancel()).isNotNull();
        await().until(() -> !OpenSubmits.isAbandoned(service.vertx(), submit.body()));
    }
}
