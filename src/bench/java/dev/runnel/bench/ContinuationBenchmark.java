package dev.runnel.bench;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.Cuts;
import dev.runnel.engine.EngineEnvironment;
import dev.runnel.engine.EngineListener;
import dev.runnel.engine.EngineRig;
import dev.runnel.engine.Prompt;
import dev.runnel.generator.Engines;
import dev.runnel.text.Sampling;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import dev.runnel.text.Turn;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * How many texts of the default model at temperature 0 are the undisturbed one after one cut at a random token: if they
 * go on from the ids of the tokens, and if they go on from the text alone. Prints a table, and where the first text
 * that differs does so.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.ContinuationBenchmark [-Dexec.args="GENERATIONS"]}
 */
public final class ContinuationBenchmark {

    private static final Sampling GREEDY = new Sampling(0.0, null, null, null, null, null, List.of());
    private static final int SHOWN_CHARACTERS = 60;
    private static final long PROGRESS_EVERY = 20;

    private final EngineRig rig;
    private final Random random = new Random(1);
    private final Equality byIds = new Equality("ids of the tokens");
    private final Equality byText = new Equality("text");

    private ContinuationBenchmark(EngineRig rig) {
        this.rig = rig;
    }

    public static void main(String[] args) throws IOException, TimeoutException {
        int generations = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        RunnelConfig config = BenchConfig.read(Files.writeString(Files.createTempFile("bench", ".yaml"), Work.CONFIG));
        Vertx vertx = Vertx.vertx();
        ModelConfig model = config.models().get(0);
        var environment = new EngineEnvironment(vertx, config.dataDirectory(), EngineListener.SILENT);
        var engine = Engines.onClassPath().create(List.of(model), environment).get(model.name());
        try (EngineRig rig = new EngineRig(vertx, engine)) {
            new ContinuationBenchmark(rig).run(generations);
        } finally {
            vertx.close().await();
        }
    }

    private void run(int generations) throws TimeoutException {
        for (int number = 1; number <= generations; number++) {
            one(number);
            if (number % PROGRESS_EVERY == 0) {
                System.err.printf("%d of %d%n", number, generations);
            }
        }
        System.out.println("| goes on from | texts | equal to the undisturbed one |\n|---|---|---|");
        byIds.show();
        byText.show();
    }

    private void one(int number) throws TimeoutException {
        Prompt prompt = new Prompt(List.of(Turn.user(Work.shortPrompt(number))), GREEDY, Work.TOKENS, false);
        Cuts whole = Cuts.of(rig, prompt);
        List<TextSoFar> cuts = whole.all();
        TextSoFar cut = cuts.get(random.nextInt(cuts.size() - 1));
        byIds.count(number, cut, whole.text(), rest(prompt, cut));
        byText.count(number, cut, whole.text(), rest(prompt, new TextSoFar(cut.text(), TokenIds.NONE, cut.tokens())));
    }

    private String rest(Prompt prompt, TextSoFar cut) throws TimeoutException {
        return cut.text() + Cuts.of(rig, prompt.after(cut)).text();
    }

    /** Counts the texts that are equal. */
    private static final class Equality {

        private final String means;
        private int texts;
        private int equal;
        private String example = "";

        private Equality(String means) {
            this.means = means;
        }

        private void count(int number, TextSoFar cut, String undisturbed, String continued) {
            texts++;
            if (undisturbed.equals(continued)) {
                equal++;
            } else if (example.isEmpty()) {
                int at = firstDifference(undisturbed, continued);
                example = "prompt %d, cut after %d tokens (%d characters), differs at character %d:%n  %s%n  %s"
                        .formatted(
                                number,
                                cut.tokens(),
                                cut.text().length(),
                                at,
                                shown(undisturbed, at),
                                shown(continued, at));
            }
        }

        private static int firstDifference(String a, String b) {
            int at = 0;
            while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
                at++;
            }
            return at;
        }

        private static String shown(String text, int at) {
            int from = Math.max(0, at - SHOWN_CHARACTERS / 2);
            return text.substring(from, Math.min(text.length(), from + SHOWN_CHARACTERS))
                    .replace("\n", "\\n");
        }

        private void show() {
            System.out.printf("| %s | %d | %d |%n", means, texts, equal);
            if (!example.isEmpty()) {
                System.out.println(example);
            }
        }
    }
}
