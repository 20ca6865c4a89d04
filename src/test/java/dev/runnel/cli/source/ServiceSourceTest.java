package dev.runnel.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.cli.source.CuttingServer.Script;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceSourceTest {

    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final Question STORY =
            new Question("", List.of(Turn.user("Tell me a story")), OptionalInt.empty(), Sampling.UNSET);
    private static final String END = "id: 9\ndata: {\"id\":\"gen_1\",\"delta\":\"\",\"finishReason\":\"stop\","
            + "\"usage\":{\"promptTokens\":4,\"completionTokens\":2,\"totalTokens\":6}}\n\ndata: [DONE]\n\n";

    private static String delta(int cursor, String text) {
        return "id: " + cursor + "\ndata: {\"id\":\"gen_1\",\"delta\":\"" + text + "\"}\n\n";
    }

    private static ServiceSource source(URI url) {
        return new ServiceSource(url, "KEY", Optional.empty(), SILENCE);
    }

    @Test
    void lostConnectionIsResumedAtTheCursorWithTheSameKey() throws Exception {
        Received received = new Received();
        try (CuttingServer server = new CuttingServer(
                        Script.cut(delta(4, "Once") + "id: 9\ndata: {\"delta\":\" up"),
                        Script.cut(""),
                        Script.cut(": ping\n" + delta(9, " upon") + END));
                ServiceSource source = source(server.url())) {
            Answer answer = source.generate(STORY, received, received.stop);

            assertThat(received.text()).isEqualTo("Once upon");
            assertThat(answer.finishReason()).isEqualTo("stop");
            assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(6);
            assertThat(received.notices).hasSize(2);
            assertThat(server.requests).hasSize(3);
            String key = line(server.requests.get(0), "Idempotency-Key:");
            assertThat(server.requests)
                    .allMatch(head -> line(head, "Idempotency-Key:").equals(key));
            assertThat(server.requests.get(0)).doesNotContain("Last-Event-ID");
            assertThat(line(server.requests.get(1), "Last-Event-ID:")).isEqualTo("4");
            assertThat(line(server.requests.get(2), "Last-Event-ID:")).isEqualTo("4");
        }
    }

    private static String line(String head, String name) {
        return head.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse("");
    }

    @Test
    void silentConnectionCountsAsLost() throws Exception {
        Received received = new Received();
        try (CuttingServer server = new CuttingServer(Script.silent(delta(4, "Once")), Script.cut(END));
                ServiceSource source = source(server.url())) {
            source.generate(STORY, received, received.stop);

            assertThat(server.requests).hasSize(2);
            assertThat(received.text()).isEqualTo("Once");
        }
    }

    @Test
    void stopEndsTheReadAndDeletesTheGeneration() throws Exception {
        Received received = new Received(1);
        try (CuttingServer server =
                        new CuttingServer(Script.silent(delta(4, "Once")), Script.refused("204 No Content", ""));
                ServiceSource source = source(server.url())) {
            Answer answer = source.generate(STORY, received, received.stop);

            assertThat(answer.finishReason()).isEqualTo(Answer.CANCELLED);
            assertThat(server.requests.get(1)).startsWith("DELETE /v1/generate/gen_1 ");
        }
    }

    @Test
    void stopEndsTheWaitForTheHead() throws Exception {
        Received received = new Received();
        try (CuttingServer server = new CuttingServer(new Script("", false));
                ServiceSource source = source(server.url())) {
            Thread stopper = new Thread(received.stop::stop);
            stopper.start();

            Answer answer = source.generate(STORY, received, received.stop);

            assertThat(answer).isEqualTo(Answer.stopped(""));
            stopper.join();
        }
    }

    @Test
    void refusalIsAFailureWithTheMessageOfTheService() throws Exception {
        Received received = new Received();
        String json = "data: {\"error\":{\"type\":\"authentication_error\",\"message\":\"no key\"}}";
        try (CuttingServer server = new CuttingServer(Script.refused("401 Unauthorized", json));
                ServiceSource source = source(server.url())) {
            assertThatThrownBy(() -> source.generate(STORY, received, received.stop))
                    .isInstanceOf(SourceException.class)
                    .hasMessage("no key (the key comes from the variable RUNNEL_KEY)");
        }
    }

    @Test
    void errorEventIsAFailure() throws Exception {
        Received received = new Received();
        String error = "data: {\"error\":{\"type\":\"api_error\",\"message\":\"the engine failed\"}}\n\n";
        try (CuttingServer server = new CuttingServer(Script.cut(delta(4, "Once") + error));
                ServiceSource source = source(server.url())) {
            assertThatThrownBy(() -> source.generate(STORY, received, received.stop))
                    .hasMessage("the engine failed");
        }
    }

    @Test
    void redirectIsNotFollowedWithTheKey() throws Exception {
        try (CuttingServer server =
                        new CuttingServer(Script.refused("302 Found\r\nLocation: http://127.0.0.1:1/", "moved"));
                ServiceSource source = source(server.url())) {
            assertThatThrownBy(source::models).hasMessageContaining("answered with status 302");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void modelsStartWithTheDefault() throws Exception {
        String json = "{\"models\":[{\"name\":\"a\",\"default\":false},{\"name\":\"b\",\"default\":true}]}";
        try (CuttingServer server = new CuttingServer(Script.refused("200 OK", json), Script.refused("200 OK", json));
                ServiceSource source = source(server.url())) {
            assertThat(source.models()).containsExactly("b", "a");
            assertThatThrownBy(() -> source.open("c", new StopSignal())).hasMessage("model: c (expected: one of b, a)");
        }
    }

    @Test
    void serviceThatDoesNotRunIsAFailure() throws Exception {
        URI url;
        try (CuttingServer server = new CuttingServer()) {
            url = server.url();
        }
        try (ServiceSource source = source(url)) {
            assertThatThrownBy(source::models).hasMessageContaining("is the service running?");
        }
    }
}
