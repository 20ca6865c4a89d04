package dev.runnel.bench;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.Completion;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.HeldText;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.generator.Engines;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine with nothing around it, as a process of its own: reads a number of sequences a line, runs as many
 * generations at once, and answers with tokens per second.
 */
public final class EngineAlone {

    private final Engine engine;
    private final Context context;

    private EngineAlone(Engine engine, Context context) {
        this.engine = engine;
        this.context = context;
    }

    public static void main(String[] args) throws IOException {
        RunnelConfig config = BenchConfig.read(Path.of(args[0]));
        Vertx vertx = Vertx.vertx();
        Context context = vertx.getOrCreateContext();
        ModelConfig model = config.models().get(0);
        var environment = new EngineEnvironment(
                vertx, config.dataDirectory(), config.llama(), EngineListener.SILENT, name -> HeldText.UNCOUNTED);
        Engine engine =
                Engines.onClassPath().create(List.of(model), environment).get(model.name());
        onContext(context, engine::open);
        EngineAlone alone = new EngineAlone(engine, context);
        System.out.println("ready");
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(alone.tokensPerSecond(Integer.parseInt(line)));
        }
        onContext(context, engine::close);
        vertx.close().await();
    }

    private double tokensPerSecond(int sequences) {
        long began = System.nanoTime();
        int tokens = onContext(context, () -> all(sequences));
        return tokens * 1e9 / (System.nanoTime() - began);
    }

    private Future<Integer> all(int sequences) {
        List<Future<Integer>> running = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            running.add(one(i));
        }
        return Future.all(running)
                .map(done -> running.stream().mapToInt(Future::result).sum());
    }

    private Future<Integer> one(int number) {
        Sampling sampling = new Sampling(null, null, null, (long) number, null, null, List.of());
        Prompt prompt = new Prompt(List.of(Turn.user(Work.shortPrompt(number))), sampling, Work.TOKENS, false);
        return engine.prepare(prompt).compose(this::run);
    }

    private Future<Integer> run(PreparedPrompt prepared) {
        Promise<Integer> end = Promise.promise();
        engine.start(prepared, new Sink() {
            private int tokens;

            @Override
            public void piece(EscapedText text, int count) {
                tokens += count;
            }

            @Override
            public void completed(Completion completion) {
                end.complete(tokens);
            }

            @Override
            public void failed(Failure failure) {
                end.fail(new GenerationException(failure));
            }
        });
        return end.future();
    }

    private static <T> T onContext(Context context, java.util.function.Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> work.get().onComplete(done));
        return done.future().await();
    }
}
