package dev.runnel.bench;

import dev.runnel.Runnel;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.metric.Metrics;
import dev.runnel.warmup.WarmUp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * The first token of the tenth turn of a conversation beside that of its first turn, on the default model. The user's
 * text has the same length in both. A third row shows the same tenth turn where nothing of it is in the model's memory.
 * Prints a table.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.ConversationBenchmark [-Dexec.args="ROUNDS SENTENCES"]}
 */
public final class ConversationBenchmark {

    private static final int TURNS = 10;
    private static final int ANSWER_TOKENS = 50;
    private static final String SENTENCE = " Tell me about the river and the old stone bridge in the village.";

    private final Vertx clientVertx = Vertx.vertx();
    private final HttpClient client = clientVertx.createHttpClient();
    private final Runnel runnel;
    private final String key;
    private final String question;
    private final Samples first = new Samples();
    private final Samples firstTokens = new Samples();
    private final Samples tenth = new Samples();
    private final Samples tenthTokens = new Samples();
    private final Samples computedAgain = new Samples();
    private final Samples computedAgainTokens = new Samples();

    /** @param sentences of 14 tokens in each text of the user */
    private ConversationBenchmark(Runnel runnel, int sentences) {
        this.runnel = runnel;
        this.question = SENTENCE.repeat(sentences);
        this.key = runnel.keys()
                .issue(new KeyRequest("benchmark", "unlimited", Scope.ALL, Duration.ofHours(1)))
                .token();
    }

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        int sentences = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        Path file = Files.writeString(Files.createTempFile("bench", ".yaml"), Work.CONFIG);
        RunnelConfig config = BenchConfig.read(file);
        Runnel runnel = Runnel.start(config, EngineListener.SILENT, new WarmUp(config), new Metrics())
                .await();
        runnel.opened().await().ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        ConversationBenchmark benchmark = new ConversationBenchmark(runnel, sentences);
        for (int round = -1; round < rounds; round++) {
            benchmark.round(round);
        }
        benchmark.show(rounds);
        benchmark.close();
    }

    /** Round -1 is not counted: it compiles code. */
    private void round(int round) {
        JsonArray messages = new JsonArray();
        for (int turn = 1; turn <= TURNS; turn++) {
            messages.add(message("user", "Round " + (round + 100) + ", question " + (turn + 100) + "." + question));
            TimedStream answered = answer(messages);
            if (round >= 0 && turn == 1) {
                first.add(answered.firstEventMillis());
                firstTokens.add(answered.promptTokens());
            }
            if (round >= 0 && turn == TURNS) {
                tenth.add(answered.firstEventMillis());
                tenthTokens.add(answered.promptTokens());
            }
            messages.add(message("assistant", answered.text()));
        }
        messages.remove(messages.size() - 1);
        messages.set(0, message("user", "Another " + (round + 100) + ", question 101." + question));
        TimedStream answered = answer(messages);
        if (round >= 0) {
            computedAgain.add(answered.firstEventMillis());
            computedAgainTokens.add(answered.promptTokens());
        }
    }

    private static JsonObject message(String role, String content) {
        return new JsonObject().put("role", role).put("content", content);
    }

    /** Without a seed: with one, an engine without other work computes a prompt anew, so that its text is the same. */
    private TimedStream answer(JsonArray messages) {
        JsonObject body = new JsonObject().put("messages", messages).put("maxTokens", ANSWER_TOKENS);
        return TimedStream.start(client, runnel.ports().http(), key, body)
                .compose(TimedStream::end)
                .await();
    }

    private void show(int rounds) {
        System.out.println("| turn | tokens of the prompt | first token, ms, of " + rounds + " |\n|---|---|---|");
        System.out.println("| first | " + firstTokens.show("%.0f") + " | " + first.show("%.0f") + " |");
        System.out.println("| tenth | " + tenthTokens.show("%.0f") + " | " + tenth.show("%.0f") + " |");
        System.out.println("| tenth, of a conversation that is not in the model's memory | "
                + computedAgainTokens.show("%.0f") + " | " + computedAgain.show("%.0f") + " |");
    }

    private void close() {
        client.close().await();
        clientVertx.close().await();
        runnel.close().await();
        System.out.printf(
                Locale.ROOT, "%n%d cores, Java %s%n", Runtime.getRuntime().availableProcessors(), Runtime.version());
    }
}
