package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.HeldText;
import dev.runnel.engine.Prompt;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What the engine alone does on a real model: {@code EngineBenchmark MODEL.gguf [DATA_DIRECTORY]} prints a table. No
 * two prompts begin alike, so nothing but the template's beginning is shared. {@code -Dnatives=FOLDER} uses llama.cpp
 * v0.4.0 in that folder; without it, the library in the jar runs.
 */
public final class EngineBenchmark {

    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int TOKENS = 100;
    private static final int LONG_PROMPT_WORDS = 1_430;
    private static final List<String> WORDS = List.of(
            "river", "fox", "winter", "lamp", "garden", "ship", "letter", "music", "stone", "bread", "window", "cloud");

    private final Random random = new Random();
    private final Engine engine;
    private final Context context;

    private EngineBenchmark(Engine engine, Context context) {
        this.engine = engine;
        this.context = context;
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings =
                new HashMap<>(Map.of("sources", List.of(Map.of("file", args[0])), "sequences", 16));
        Integer threads = Integer.getInteger("threads");
        if (threads != null) {
            settings.put("threads", threads);
        }
        Integer stepTokens = Integer.getInteger("stepTokens");
        if (stepTokens != null) {
            settings.put("stepTokens", stepTokens);
        }
        var config = new ModelConfig("m", "llama", ModelConfig.Template.CHAT, null, Sampling.UNSET, settings);
        Vertx vertx = Vertx.vertx();
        Path data = Path.of(args.length > 1 ? args[1] : System.getProperty("java.io.tmpdir"));
        String natives = System.getProperty("natives", "");
        LlamaConfig llama = natives.isEmpty() ? LlamaConfig.BUNDLED : LlamaConfig.of(Path.of(natives));
        var environment = new EngineEnvironment(vertx, data, llama, EngineListener.SILENT, model -> HeldText.UNCOUNTED);
        Engine engine = Objects.requireNonNull(
                new LlamaProvider().create(List.of(config), environment).get("m"));
        engine.open().await(60, TimeUnit.SECONDS);
        new EngineBenchmark(engine, vertx.getOrCreateContext()).run();
        engine.close().await(20, TimeUnit.SECONDS);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private void run() throws Exception {
        for (int atOnce : new int[] {1, 8, 16}) {
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                rates.add(tokensPerSecond(atOnce));
            }
            print("tokens/s, %2d at once, %d tokens each".formatted(atOnce, TOKENS), rates);
        }
        print("first token, short prompt, alone, ms", firstTokens(0));
        print("first token, short prompt, beside 7, ms", firstTokens(7));
        longPrompt();
    }

    private double tokensPerSecond(int atOnce) throws Exception {
        List<Timeline> runs = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            runs.add(start(shortText(), TOKENS));
        }
        for (Timeline run : runs) {
            run.awaitEnd();
        }
        long first = runs.stream().mapToLong(Timeline::startedAt).min().orElseThrow();
        long last = runs.stream().mapToLong(Timeline::endedAt).max().orElseThrow();
        return runs.stream().mapToInt(Timeline::tokens).sum() * 1e9 / (last - first);
    }

    private List<Double> firstTokens(int beside) throws Exception {
        List<Timeline> others = begin(beside);
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < 3 * ROUNDS; round++) {
            Timeline run = start(shortText(), 3);
            run.awaitEnd();
            millis.add(run.firstTokenMillis());
        }
        cancel(others);
        return millis;
    }

    private void longPrompt() throws Exception {
        List<Double> gaps = new ArrayList<>();
        List<Double> totals = new ArrayList<>();
        List<Double> cancels = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Timeline> others = begin(7);
            Timeline whole = start(longText(), 1);
            whole.awaitEnd();
            totals.add(whole.firstTokenMillis());
            gaps.add(others.stream()
                    .mapToDouble(other -> other.longestGapMillis(whole.startedAt(), whole.endedAt()))
                    .max()
                    .orElseThrow());
            Timeline half = start(longText(), 1);
            others.get(0).awaitMore(3 + random.nextInt(4));
            // Pieces come at the end of a step; a client goes at any time.
            half.cancelIn(1 + random.nextInt(200));
            half.awaitEnd();
            cancels.add(half.cancelMillis());
            cancel(others);
        }
        print("longest gap in 7 beside a long prompt, ms", gaps);
        print("that prompt's first token, ms", totals);
        print("cancel in the middle of it, ms", cancels);
    }

    /** Starts generations that go on until they are cancelled, and waits until all have begun. */
    private List<Timeline> begin(int count) throws Exception {
        List<Timeline> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(start(shortText(), 1_000));
        }
        for (Timeline run : runs) {
            run.awaitMore(2);
        }
        return runs;
    }

    private static void cancel(List<Timeline> runs) throws Exception {
        for (Timeline run : runs) {
            run.cancel();
        }
        for (Timeline run : runs) {
            run.awaitEnd();
        }
    }

    private Timeline start(String text, int maxTokens) throws Exception {
        // At this temperature it does not come to an end of its own within what is measured.
        var sampling = new Sampling(1.5, 1.0, 100, null, null, null, List.of());
        var prompt = new Prompt(List.of(Turn.user(text)), sampling, maxTokens, false);
        Timeline timeline = new Timeline(context);
        return Future.<Timeline>future(promise -> context.runOnContext(go -> {
                    timeline.start();
                    engine.prepare(prompt)
                            .map(prepared -> timeline.running(engine.start(prepared, timeline)))
                            .onComplete(promise);
                }))
                .await(20, TimeUnit.SECONDS);
    }

    private String shortText() {
        return "Tell a long story about a " + words(3) + " and a " + words(3) + ".";
    }

    private String longText() {
        return words(LONG_PROMPT_WORDS);
    }

    private String words(int count) {
        return String.join(
                " ",
                IntStream.range(0, count)
                        .mapToObj(i -> WORDS.get(random.nextInt(WORDS.size())))
                        .toList());
    }

    private static void print(String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                "%-45s median %7.1f   best %7.1f   worst %7.1f   of %d%n",
                what,
                sorted.get(sorted.size() / 2),
                what.startsWith("tokens/s") ? sorted.get(sorted.size() - 1) : sorted.get(0),
                what.startsWith("tokens/s") ? sorted.get(0) : sorted.get(sorted.size() - 1),
                sorted.size());
    }
}
