package dev.runnel.engine.openai;

import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineContract;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineUnderTest;
import dev.runnel.engine.openai.FakeUpstream.Ask;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** The engine's contract, in front of a server that keeps {@code max_tokens} and {@code stop}. */
class OpenAiContractTest implements EngineContract {

    private static final List<String> WORDS =
            List.of(" once", " upon", " a", " tïme", " there", " was", " a", " 😀", " river", "\n");

    private Vertx vertx;

    @AutoClose
    private FakeUpstream upstream;

    @BeforeEach
    void listen(Vertx vertx) throws Exception {
        this.vertx = vertx;
        upstream = new FakeUpstream(vertx, ask -> send(ask, script(ask.json()), 0));
    }

    @Override
    public EngineUnderTest subject() {
        return new EngineUnderTest() {
            @Override
            public Engine create(EngineEnvironment environment) {
                var upstreamEntry = new HashMap<String, Object>(Map.of("url", upstream.url(), "model", "m"));
                upstreamEntry.put("concurrent", 8);
                var model = Rig.model(Map.of(), List.of(upstreamEntry));
                return new OpenAiProvider().create(List.of(model), environment).get("relayed");
            }
        };
    }

    /** The events that answer a request. The text depends on the length of the prompt. */
    private static List<String> script(JsonObject body) {
        int maxTokens = body.getInteger("max_tokens");
        int firstWord = body.getJsonArray("messages")
                .getJsonObject(0)
                .getString("content")
                .length();
        StringBuilder text = new StringBuilder();
        List<String> events = new ArrayList<>();
        String finish = "length";
        for (int i = 0; i < maxTokens && finish.equals("length"); i++) {
            text.append(i).append(WORDS.get((firstWord + i) % WORDS.size()));
        }
        int stop = firstStop(text, body.getJsonArray("stop", new JsonArray()));
        if (stop >= 0) {
            text.setLength(stop);
            finish = "stop";
        }
        int tokens = 0;
        for (int at = 0; at < text.length(); tokens++) {
            int left = maxTokens - tokens;
            int end = left == 1
                    ? text.length()
                    : text.offsetByCodePoints(at, 1 + (text.codePointCount(at, text.length()) - 1) / left);
            events.add(FakeUpstream.delta(text.substring(at, end)));
            at = end;
        }
        events.add(FakeUpstream.finish(finish));
        events.add(FakeUpstream.usage(5, tokens) + FakeUpstream.DONE);
        return events;
    }

    private static int firstStop(StringBuilder text, JsonArray stops) {
        return stops.stream()
                .mapToInt(stop -> text.indexOf(stop.toString()))
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** One event in each turn of the event loop, so that a cancel can come between two. */
    private void send(Ask ask, List<String> events, int at) {
        HttpServerResponse response = at == 0 ? ask.begin() : ask.response();
        if (response.closed()) {
            return;
        }
        response.write(events.get(at)).onSuccess(written -> {
            if (at + 1 == events.size()) {
                response.end();
            } else {
                vertx.runOnContext(next -> send(ask, events, at + 1));
            }
        });
    }
}
