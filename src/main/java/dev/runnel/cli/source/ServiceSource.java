package dev.runnel.cli.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A running service, over HTTP. */
public final class ServiceSource implements TextSource {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_MODELS_BYTES = 4 << 20;
    private static final int KEY_BYTES = 18;
    private static final int OK = 200;

    private final ServiceCalls calls;
    private final SilenceWatch silence;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param url the root of the service, such as {@code http://127.0.0.1:8080}
     * @param key the API key
     * @param tls the certificates to trust; empty trusts those of the Java platform
     */
    public ServiceSource(URI url, String key, Optional<SSLContext> tls) {
        this(url, key, tls, SilenceWatch.USUAL);
    }

    /** @param silence how long a stream may be silent before its connection counts as lost */
    ServiceSource(URI url, String key, Optional<SSLContext> tls, Duration silence) {
        this.calls = new ServiceCalls(url, key, tls);
        this.silence = new SilenceWatch(silence);
    }

    @Override
    public void open(String model, StopSignal stop) throws SourceException {
        List<String> known = models(stop);
        if (!model.isEmpty() && !known.contains(model)) {
            throw new SourceException("model: " + model + " (expected: one of " + String.join(", ", known) + ")");
        }
    }

    @Override
    public Answer generate(Question question, AnswerReader reader, StopSignal stop) throws SourceException {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String idempotencyKey = "cli-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var request = new ServiceGeneration.Request(body(question), idempotencyKey);
        return new ServiceGeneration(calls, silence, request, reader, stop).run();
    }

    private static String body(Question question) throws SourceException {
        ObjectNode body = JSON.createObjectNode();
        List<Turn> turns = question.turns();
        // A model without a chat template accepts a prompt only.
        if (turns.size() == 1) {
            body.put("prompt", turns.get(0).content());
        } else {
            ArrayNode messages = body.putArray("messages");
            turns.forEach(turn ->
                    messages.addObject().put("role", turn.role().wireName()).put("content", turn.content()));
        }
        if (!question.model().isEmpty()) {
            body.put("model", question.model());
        }
        question.maxTokens().ifPresent(tokens -> body.put("maxTokens", tokens));
        add(body, question.sampling());
        body.put("includeText", false);
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new SourceException("the prompt is not writable as JSON: " + e.getOriginalMessage());
        }
    }

    private static void add(ObjectNode body, Sampling sampling) {
        Optional.ofNullable(sampling.temperature()).ifPresent(value -> body.put("temperature", value));
        Optional.ofNullable(sampling.topP()).ifPresent(value -> body.put("topP", value));
        Optional.ofNullable(sampling.topK()).ifPresent(value -> body.put("topK", value));
        Optional.ofNullable(sampling.seed()).ifPresent(value -> body.put("seed", value));
        if (!sampling.stop().isEmpty()) {
            sampling.stop().forEach(body.putArray("stop")::add);
        }
    }

    @Override
    public List<String> models() throws SourceException {
        return models(new StopSignal());
    }

    private List<String> models(StopSignal stop) throws SourceException {
        try {
            HttpResponse<InputStream> response =
                    calls.send(calls.request("/v1/models").GET().build(), stop);
            if (response.statusCode() != OK) {
                throw Refusal.of(response).exception();
            }
            try (InputStream body = response.body()) {
                return names(JSON.readTree(body.readNBytes(MAX_MODELS_BYTES)));
            }
        } catch (IOException e) {
            throw stop.isStopped() ? new SourceException("stopped") : calls.unreachable(e);
        }
    }

    private static List<String> names(JsonNode answer) {
        List<String> names = new ArrayList<>();
        for (JsonNode model : answer.path("models")) {
            int at = model.path("default").asBoolean() ? 0 : names.size();
            names.add(at, model.path("name").asText());
        }
        return names;
    }

    @Override
    public void close() {
        silence.close();
    }
}
