import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A Vert.x verticle that streams one text. To cancel, undeploy it. A verticle in the process of the service itself uses
 * the event bus instead.
 *
 * <p>usage: {@code RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=... [RUNNEL_MODEL=...] java -cp CLASSPATH
 * StreamVerticle.java PROMPT...} with Vert.x 5 on the class path: its jars, or {@code runnel.jar}
 */
public final class StreamVerticle extends VerticleBase {

    private static final String DATA = "data: ";
    private static final int ATTEMPTS = 5;

    private final JsonObject body;
    private final Consumer<String> onDelta;
    private final Promise<String> end = Promise.promise();
    private HttpClient client;
    private String finishReason;

    /** @param onDelta is called on the event loop of this verticle, and must not block */
    public StreamVerticle(String prompt, Consumer<String> onDelta) {
        this.body = new JsonObject()
                .put("model", System.getenv("RUNNEL_MODEL"))
                .put("prompt", prompt)
                .put("maxTokens", 500);
        this.onDelta = onDelta;
    }

    public static void main(String[] prompts) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Vertx vertx = Vertx.vertx();
        int status = 0;
        try {
            for (String prompt : prompts) {
                StreamVerticle text = new StreamVerticle(prompt, delta -> {
                    out.print(delta);
                    out.flush();
                });
                String id = vertx.deployVerticle(text).await();
                System.err.println("finishReason: " + text.finishReason().await());
                out.println();
                out.flush();
                vertx.undeploy(id).await();
            }
        } catch (Exception failure) {
            System.err.println(failure.getMessage());
            status = 1;
        }
        vertx.close().await();
        System.exit(status);
    }

    /** Why the text ended, such as {@code stop} or {@code length}. Fails if the text is not complete. */
    public Future<String> finishReason() {
        return end.future();
    }

    /** Fails if the service refuses the request. */
    @Override
    public Future<?> start() {
        client = vertx.createHttpClient();
        return post(1).onSuccess(this::read);
    }

    /** Closes the connection, which cancels a generation that still runs. */
    @Override
    public Future<?> stop() {
        end.tryFail("cancelled");
        return client.close();
    }

    private Future<HttpClientResponse> post(int attempt) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(System.getenv("RUNNEL_URL") + "/v1/generate/stream")
                .putHeader("Authorization", "Bearer " + System.getenv("RUNNEL_KEY"))
                .putHeader("Content-Type", "application/json");
        return client.request(request)
                .compose(opened -> opened.send(body.toBuffer()))
                .compose(response -> response.statusCode() == 200
                        ? Future.succeededFuture(response)
                        : response.body().compose(refusal -> refused(response, refusal, attempt)));
    }

    /** Waits and tries again if the service asks for that: 429 or 503 with Retry-After. */
    private Future<HttpClientResponse> refused(HttpClientResponse response, Buffer refusal, int attempt) {
        String seconds = response.getHeader("Retry-After");
        return seconds == null || attempt == ATTEMPTS
                ? Future.failedFuture("HTTP " + response.statusCode() + ": " + refusal)
                : vertx.timer(Long.parseLong(seconds), TimeUnit.SECONDS).compose(elapsed -> post(attempt + 1));
    }

    private void read(HttpClientResponse response) {
        RecordParser.newDelimited("\n", response)
                .exceptionHandler(end::tryFail)
                .endHandler(ended -> end.tryFail("the stream was cut"))
                .handler(line -> readLine(line.toString()));
    }

    private void readLine(String line) {
        if (line.equals(DATA + "[DONE]")) {
            end.tryComplete(finishReason);
        } else if (line.startsWith(DATA)) {
            try {
                readEvent(new JsonObject(line.substring(DATA.length())));
            } catch (DecodeException half) {
                // At the end of a stream the parser also passes on what has no line break.
                end.tryFail("the stream was cut");
            }
        }
    }

    private void readEvent(JsonObject event) {
        JsonObject error = event.getJsonObject("error");
        if (error != null) {
            end.tryFail(error.getString("type") + ": " + error.getString("message"));
        } else {
            onDelta.accept(event.getString("delta"));
            finishReason = event.getString("finishReason");
        }
    }
}
