package dev.runnel.bench;

import dev.runnel.Runnel;
import dev.runnel.auth.KeyRequest;
import dev.runnel.auth.Scope;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import dev.runnel.message.Addresses;
import dev.runnel.message.Ended;
import dev.runnel.metric.Metrics;
import dev.runnel.warmup.WarmUp;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What the service adds to the engine, on the default model: tokens per second over HTTP beside the engine alone, in
 * turns; time to first token; the gap that a long prompt tears; how soon a cancel frees its place. Prints a table of
 * performance/results.md.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.MainJobBenchmark [-Dexec.args=ROUNDS]}
 */
public final class MainJobBenchmark {

    private static final int[] STREAMS = {1, 8, 16};
    private static final int OTHERS = 7;
    private static final int OTHERS_TOKENS = 900;
    private static final int REPEATS = 3;
    /** A first token is one moment, so one that the machine delays shifts a median of few. */
    private static final int FIRST_TOKENS = 5;

    private final Vertx clientVertx = Vertx.vertx();
    private final HttpClient client =
            clientVertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(64));
    private final Runnel runnel;
    private final String key;
    private int nextPrompt = 1000;

    private MainJobBenchmark(Runnel runnel) {
        this.runnel = runnel;
        this.key = runnel.keys()
                .issue(new KeyRequest("benchmark", "unlimited", Scope.ALL, Duration.ofHours(1)))
                .token();
    }

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        Path file = Files.writeString(Files.createTempFile("bench", ".yaml"), Work.CONFIG);
        RunnelConfig config = BenchConfig.read(file);
        Runnel runnel = Runnel.start(config, EngineListener.SILENT, new WarmUp(config), new Metrics())
                .await();
        runnel.opened().await().ifPresent(problem -> {
            throw new IllegalStateException(problem);
        });
        MainJobBenchmark benchmark = new MainJobBenchmark(runnel);
        Process alone = startAlone(file);
        try (BufferedReader answers = alone.inputReader(StandardCharsets.US_ASCII);
                PrintWriter questions = new PrintWriter(alone.outputWriter(StandardCharsets.US_ASCII), true)) {
            answers.readLine();
            benchmark.compare(rounds, questions, answers);
        }
        benchmark.latencies();
        benchmark.close();
    }

    private static Process startAlone(Path config) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java, "-cp", ClassPath.ofThisProcess(), EngineAlone.class.getName(), config.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void compare(int rounds, PrintWriter questions, BufferedReader answers) throws IOException {
        System.out.println("| streams | engine alone, tokens/s | over HTTP, tokens/s | ratio |\n|---|---|---|---|");
        for (int streams : STREAMS) {
            Samples alone = new Samples();
            Samples http = new Samples();
            Samples ratio = new Samples();
            for (int round = -1; round < rounds; round++) {
                questions.println(streams);
                double engineRate = Double.parseDouble(answers.readLine());
                double httpRate = tokensPerSecond(streams);
                if (round >= 0) {
                    alone.add(engineRate);
                    http.add(httpRate);
                    ratio.add(httpRate / engineRate);
                }
            }
            System.out.println("| " + streams + " | " + alone.show("%.0f") + " | " + http.show("%.0f") + " | "
                    + ratio.show("%.3f") + " |");
        }
    }

    private double tokensPerSecond(int streams) {
        long began = System.nanoTime();
        List<Future<TimedStream>> running = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            running.add(start(Work.shortPrompt(i), i, Work.TOKENS).compose(TimedStream::end));
        }
        Future.all(running).await();
        int tokens = running.stream().mapToInt(one -> one.result().tokens()).sum();
        return tokens * 1e9 / (System.nanoTime() - began);
    }

    private void latencies() {
        Samples alone = new Samples();
        Samples beside = new Samples();
        Samples gap = new Samples();
        Samples freed = new Samples();
        Samples freedBetween = new Samples();
        for (int i = 0; i < REPEATS; i++) {
            firstTokens(alone);
            List<TimedStream> others = startOthers();
            firstTokens(beside);
            gap.add(longestGap(others));
            freed.add(cancelInThePrompt());
            freedBetween.add(cancelBetweenTokens());
            others.forEach(TimedStream::abort);
            awaitIdle();
        }
        System.out.println("\n| figure | median (least … most) of " + REPEATS + ", first tokens of "
                + REPEATS * FIRST_TOKENS + " |\n|---|---|");
        System.out.println("| first token, alone | " + alone.show("%.0f") + " ms |");
        System.out.println("| first token, beside 7 others | " + beside.show("%.0f") + " ms |");
        System.out.println(
                "| longest gap of 7 streams, a prompt of 1,500 tokens comes in | " + gap.show("%.0f") + " ms |");
        System.out.println("| place free after a cancel in that prompt | " + freed.show("%.0f") + " ms |");
        System.out.println("| place free after a client left between tokens, beside 7 others | "
                + freedBetween.show("%.0f") + " ms |");
    }

    private void firstTokens(Samples millis) {
        for (int i = 0; i < FIRST_TOKENS; i++) {
            millis.add(firstToken());
        }
    }

    private double firstToken() {
        TimedStream stream = start(Work.shortPrompt(nextPrompt++), 1, 8)
                .compose(TimedStream::end)
                .await();
        return stream.firstEventMillis();
    }

    private List<TimedStream> startOthers() {
        List<TimedStream> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(start(Work.shortPrompt(nextPrompt++), i, OTHERS_TOKENS).await());
        }
        others.forEach(stream -> stream.firstEvent().await());
        return others;
    }

    private double longestGap(List<TimedStream> others) {
        long began = System.nanoTime();
        TimedStream intruder = start(Work.longPrompt(nextPrompt++), 1, 4).await();
        intruder.firstEvent().await();
        double longest = 0;
        for (TimedStream stream : others) {
            longest = Math.max(longest, stream.longestGapMillis(began));
        }
        intruder.end().await();
        return longest;
    }

    /** The client leaves after a second: the prompt takes several. */
    private double cancelInThePrompt() {
        return placeFreeAfter(
                Work.longPrompt(nextPrompt++), stream -> clientVertx.timer(1000).mapEmpty());
    }

    private double cancelBetweenTokens() {
        return placeFreeAfter(Work.shortPrompt(nextPrompt++), TimedStream::firstEvent);
    }

    private double placeFreeAfter(String prompt, Function<TimedStream, Future<Void>> moment) {
        Promise<Ended> ended = Promise.promise();
        var observer = runnel.vertx()
                .eventBus()
                .<Ended>consumer(Addresses.ENDED, message -> ended.tryComplete(message.body()));
        observer.completion().await();
        TimedStream stream = start(prompt, 1, OTHERS_TOKENS).await();
        moment.apply(stream).await();
        long began = System.nanoTime();
        stream.abort();
        ended.future().await();
        double millis = (System.nanoTime() - began) / 1e6;
        observer.unregister().await();
        return millis;
    }

    private void awaitIdle() {
        firstToken();
    }

    private Future<TimedStream> start(String prompt, int seed, int maxTokens) {
        return TimedStream.start(client, runnel.ports().http(), key, Work.request(prompt, seed, maxTokens));
    }

    private void close() {
        client.close().await();
        clientVertx.close().await();
        runnel.close().await();
        System.out.printf(
                Locale.ROOT, "%n%d cores, Java %s%n", Runtime.getRuntime().availableProcessors(), Runtime.version());
    }
}
