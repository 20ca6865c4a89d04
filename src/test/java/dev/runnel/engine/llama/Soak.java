package dev.runnel.engine.llama;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Engine;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FinishReason;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Many generations of random lengths, some of them cancelled at random points: while they wait, in the prompt, between
 * tokens, and after their end. All of it on one context.
 */
final class Soak {

    private static final List<String> WORDS = List.of("once", " upon", " a", " time", " 😀", " <|im_end|>", "\n");

    private final Engine engine;
    private final Context context;
    private final Random random;
    private final Promise<Soak> done = Promise.promise();

    private final Deque<PreparedPrompt> waiting = new ArrayDeque<>();
    private int freeCells;
    private int left;
    private int under;
    private int completed;
    private int cancelled;
    private final List<String> breaches = new ArrayList<>();

    /** @param cells what the engine has for all of them */
    Soak(Engine engine, int cells, Context context, long seed) {
        this.engine = engine;
        this.freeCells = cells;
        this.context = context;
        this.random = new Random(seed);
    }

    /** Runs so many of them, so many at once; completes when all have ended. */
    Future<Soak> run(int generations, int atOnce) {
        context.runOnContext(go -> {
            left = generations;
            for (int i = 0; i < atOnce; i++) {
                next();
            }
        });
        return done.future();
    }

    int completed() {
        return completed;
    }

    int cancelled() {
        return cancelled;
    }

    List<String> breaches() {
        return breaches;
    }

    private void next() {
        if (left == 0) {
            if (under == 0) {
                done.tryComplete(this);
            }
            return;
        }
        left--;
        under++;
        engine.prepare(prompt())
                .onSuccess(prepared -> {
                    waiting.add(prepared);
                    startWaiting();
                })
                .onFailure(failure -> {
                    breaches.add("refused: " + failure);
                    under--;
                    next();
                });
    }

    private void startWaiting() {
        while (!waiting.isEmpty() && waiting.peek().cells() <= freeCells) {
            PreparedPrompt prepared = waiting.remove();
            freeCells -= prepared.cells();
            new Generation(prepared.cells()).start(prepared);
        }
    }

    private Prompt prompt() {
        int words = random.nextInt(20) == 0 ? 30 + random.nextInt(50) : 1 + random.nextInt(8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
        }
        double temperature = random.nextInt(3) * 0.7;
        List<String> stop = random.nextInt(3) == 0 ? List.of("ab", "\ufffd\ufffd\ufffd") : List.of();
        double penalty = random.nextInt(2);
        var sampling = new Sampling(temperature, 0.9, 40, null, penalty, penalty, stop);
        return new Prompt(List.of(Turn.user(text.toString())), sampling, 1 + random.nextInt(40), false);
    }

    /** One of them, which checks its own rules. */
    private final class Generation implements Sink {

        /** Cancelled at this piece; less than 0: after as many turns of the event loop; over all pieces: never. */
        private final int cancelAt = random.nextInt(2) == 0 ? Integer.MAX_VALUE : random.nextInt(16) - 8;

        private final int cells;
        private GenerationHandle running;
        private int pieces;
        private int tokens;
        private boolean ended;

        Generation(int cells) {
            this.cells = cells;
        }

        void start(PreparedPrompt prepared) {
            running = engine.start(prepared, this);
            if (cancelAt < 0) {
                cancelLater(-cancelAt - 1);
            } else if (cancelAt == 0) {
                running.cancel();
            }
        }

        private void cancelLater(int turns) {
            if (turns == 0) {
                running.cancel();
            } else {
                context.runOnContext(turn -> cancelLater(turns - 1));
            }
        }

        @Override
        public void piece(EscapedText text, int count) {
            if (ended || running == null) {
                breaches.add("a piece outside of the run");
            }
            pieces++;
            tokens += count;
            if (pieces == cancelAt) {
                running.cancel();
            }
        }

        @Override
        public void completed(Completion completion) {
            if (completion.usage().completionTokens() != tokens) {
                breaches.add("tokens: " + tokens + " (expected: " + completion.usage() + ")");
            }
            if (completion.finishReason() == FinishReason.CANCELLED) {
                cancelled++;
                if (cancelAt == Integer.MAX_VALUE) {
                    breaches.add("cancelled without a cancel");
                }
            } else {
                completed++;
            }
            end();
        }

        @Override
        public void failed(Failure failure) {
            breaches.add("failed: " + failure);
            end();
        }

        private void end() {
            if (ended) {
                breaches.add("a second end");
                return;
            }
            ended = true;
            running.cancel();
            under--;
            freeCells += cells;
            startWaiting();
            next();
        }
    }
}
