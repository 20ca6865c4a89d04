package dev.runnel.cli.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.text.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a service. It has an {@code Idempotency-Key}. After a lost connection the same request is sent
 * again with the cursor of the last event, and the service continues the text there.
 */
final class ServiceGeneration {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** With the pauses below 15.75 s: the service keeps a generation without a reader for 30 s. */
    private static final int MAX_RETRIES = 6;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration DELETE_LIMIT = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final ServiceCalls calls;
    private final SilenceWatch silence;
    private final Request request;
    private final AnswerReader reader;
    private final StopSignal stop;

    private String id = "";
    private String cursor = "";
    private boolean connected;
    private @Nullable Answer finished;

    /** @param body the JSON of the request */
    record Request(String body, String idempotencyKey) {}

    ServiceGeneration(ServiceCalls calls, SilenceWatch silence, Request request, AnswerReader reader, StopSignal stop) {
        this.calls = calls;
        this.silence = silence;
        this.request = request;
        this.reader = reader;
        this.stop = stop;
    }

    Answer run() throws SourceException {
        int retries = 0;
        while (!stop.isStopped()) {
            String before = cursor;
            try {
                Optional<Answer> answer = attempt();
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (IOException e) {
                if (!stop.isStopped() && (!connected || retries == MAX_RETRIES)) {
                    throw calls.unreachable(e);
                }
            }
            retries = cursor.equals(before) ? retries + 1 : 1;
            if (retries > MAX_RETRIES) {
                throw new SourceException("the connection was lost, and the text could not be continued");
            }
            if (!stop.isStopped()) {
                reader.notice("The connection was lost; the text continues when it is back.");
                stop.isStoppedWithin(FIRST_PAUSE.multipliedBy(1L << (retries - 1)));
            }
        }
        delete();
        return Answer.stopped(id);
    }

    /** The answer, or empty if the connection ended before the text did. */
    private Optional<Answer> attempt() throws IOException, SourceException {
        HttpRequest.Builder post = calls.request("/v1/generate/stream")
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .header("Idempotency-Key", request.idempotencyKey())
                .POST(BodyPublishers.ofString(request.body()));
        if (!cursor.isEmpty()) {
            post.header("Last-Event-ID", cursor);
        }
        HttpResponse<InputStream> response = calls.send(post.build(), stop);
        if (response.statusCode() != OK) {
            Refusal refusal = Refusal.of(response);
            if (connected && refusal.isForAMoment()) {
                return Optional.empty();
            }
            throw refusal.exception();
        }
        connected = true;
        id = response.headers().firstValue("X-Generation-Id").orElse(id);
        try (EventLines lines = new EventLines(response.body(), System::nanoTime);
                SilenceWatch.Watched watched = silence.watch(lines)) {
            stop.onStop(watched::cut);
            return read(lines);
        }
    }

    private Optional<Answer> read(EventLines lines) throws IOException, SourceException {
        String place = cursor;
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.startsWith("id: ")) {
                place = line.substring("id: ".length());
            } else if (line.equals("data: [DONE]")) {
                return Optional.ofNullable(finished);
            } else if (line.startsWith("data: ")) {
                receive(line.substring("data: ".length()));
                cursor = place;
            }
        }
        return Optional.empty();
    }

    private void receive(String json) throws SourceException {
        JsonNode event;
        try {
            event = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new SourceException("the service sent an event that is not JSON");
        }
        if (event.has("error")) {
            throw new SourceException(event.path("error").path("message").asText("the generation failed"));
        }
        String delta = event.path("delta").asText("");
        if (!delta.isEmpty()) {
            reader.text(delta);
        }
        if (event.has("finishReason")) {
            finished = new Answer(id, event.path("finishReason").asText(), usage(event.path("usage")));
        }
    }

    private static Optional<Usage> usage(JsonNode usage) {
        int prompt = usage.path("promptTokens").asInt(-1);
        int completion = usage.path("completionTokens").asInt(-1);
        return prompt < 0 || completion < 0
                ? Optional.empty()
                : Optional.of(
                        new Usage(prompt, completion, usage.path("estimated").asBoolean(false)));
    }

    /** Without it, the generation would run on for the time that the service waits for a reader. */
    private void delete() {
        if (id.isEmpty()) {
            return;
        }
        HttpRequest request = calls.request("/v1/generate/" + id)
                .DELETE()
                .timeout(DELETE_LIMIT)
                .build();
        try {
            calls.send(request, new StopSignal()).body().close();
        } catch (IOException e) {
            // Then it ends by itself, as no client reads it.
        }
    }
}
