package dev.runnel.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The bounds of the server that the suite's own tests run against are exact. */
class ReferenceServerTest {

    private static final int READERS = 8;
    private static final int RUNNING_AND_WAITING = 5;

    @AutoClose
    private final ReferenceServer server = ReferenceServer.start(Fault.NONE);

    private final HttpClient client = HttpClient.newHttpClient();

    ReferenceServerTest() throws IOException {}

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.url().resolve(path)).header("Authorization", "Bearer main-key-of-ada");
    }

    private HttpRequest.Builder post(String model) {
        return request("/v1/generate/stream")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"prompt\":\"a\",\"maxTokens\":4096,\"model\":\"" + model + "\"}"));
    }

    private CompletableFuture<HttpResponse<InputStream>> send(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofInputStream());
    }

    @Test
    void refusedReaderLeavesNoPlaceOccupied() throws Exception {
        HttpResponse<InputStream> first =
                send(post("slow").header("Idempotency-Key", "one").build()).get(5, SECONDS);
        String id = first.headers().firstValue("X-Generation-Id").orElseThrow();
        HttpRequest attach = request("/v1/generate/" + id + "/stream").build();
        for (int i = 1; i < READERS; i++) {
            assertThat(send(attach).get(5, SECONDS).statusCode()).isEqualTo(200);
        }

        int refused = send(attach).get(5, SECONDS).statusCode();
        first.body().close();

        assertThat(refused).isEqualTo(429);
        // The server notices at its next write that a reader has left.
        await().until(() -> send(attach).get(5, SECONDS).statusCode() == 200);
    }

    @Test
    void oneQueueAcceptsAsManyAtOnceAsItHasPlacesFor() {
        List<CompletableFuture<HttpResponse<InputStream>>> sent = new ArrayList<>();
        for (int i = 0; i < 10 * RUNNING_AND_WAITING; i++) {
            sent.add(send(post("single").build()));
        }

        List<Integer> statuses = sent.stream()
                .map(answer -> answer.orTimeout(5, SECONDS).join().statusCode())
                .toList();

        assertThat(statuses).containsOnly(200, 503);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(RUNNING_AND_WAITING);
    }
}
