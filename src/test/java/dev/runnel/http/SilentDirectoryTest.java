package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.message.KeptEntry;
import dev.runnel.resume.ReadOnlyDirectory;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.HttpWire.Answer;
import io.vertx.core.Future;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a generation that another node may keep, nothing is known while the member that knows does not answer. */
class SilentDirectoryTest {

    private static final String PATH = "/v1/generate/gen_0123ABCD0123ABCD0123ABCD";

    @AutoClose
    private TestService service;

    @BeforeEach
    void start() throws Exception {
        service = TestService.start(new ReadOnlyDirectory() {

            @Override
            public Future<Optional<KeptEntry>> find(String id) {
                return Future.failedFuture("no answer in time");
            }
        });
    }

    private static void assertSilent(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("\"type\":\"overloaded_error\"", "\"code\":\"cluster\"");
    }

    @Test
    void deleteIsAnsweredThatTheGenerationDoesNotAnswer() {
        try (HttpWire wire = new HttpWire(service.port())) {
            assertSilent(wire.delete(PATH, HttpWire.bearer(service.key())).answer());
        }
    }

    @Test
    void readersAreAnsweredThatTheGenerationDoesNotAnswer() {
        try (HttpWire wire = new HttpWire(service.port())) {
            assertSilent(wire.get(PATH, HttpWire.bearer(service.key())).answer());
            assertSilent(
                    wire.get(PATH + "/stream", HttpWire.bearer(service.key())).answer());
        }
    }
}
