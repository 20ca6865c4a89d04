package dev.runnel.cli;

import dev.runnel.cli.source.Question;
import dev.runnel.text.Failure;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the terminal commands that say how a text is generated. */
final class QuestionOptions {

    @Option(names = "--model", paramLabel = "NAME", description = "The model. Default: the default model.")
    private String model = "";

    @Option(names = "--system", paramLabel = "TEXT", description = "The system text. Default: the model's own.")
    private String system = "";

    @Option(
            names = "--max-tokens",
            paramLabel = "NUMBER",
            description = "The most tokens to generate. Default: that of the service.")
    private @Nullable Integer maxTokens;

    @Option(names = "--temperature", paramLabel = "NUMBER", description = "0 … 2. Default: the model's own.")
    private @Nullable Double temperature;

    @Option(names = "--top-p", paramLabel = "NUMBER", description = "More than 0 … 1. Default: the model's own.")
    private @Nullable Double topP;

    @Option(names = "--top-k", paramLabel = "NUMBER", description = "0 … 1000. Default: the model's own.")
    private @Nullable Integer topK;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "The same seed makes the same text.")
    private @Nullable Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends the text where it appears. May be repeated.")
    private List<String> stop = new ArrayList<>();

    String model() {
        return model;
    }

    /** Empty is the model's own. */
    String system() {
        return system;
    }

    /** A question of a conversation without a system turn. */
    Question question(String modelName, String systemText, List<Turn> turns) {
        List<Turn> all = new ArrayList<>(turns);
        if (!systemText.isEmpty()) {
            all.add(0, new Turn(Turn.Role.SYSTEM, systemText));
        }
        return new Question(modelName, all, tokens(), sampling());
    }

    private OptionalInt tokens() {
        if (maxTokens == null) {
            return OptionalInt.empty();
        }
        if (maxTokens < 1) {
            throw new UsageFailure("--max-tokens: " + maxTokens + " (expected: 1 or more)");
        }
        return OptionalInt.of(maxTokens);
    }

    private Sampling sampling() {
        Sampling sampling = new Sampling(temperature, topP, topK, seed, null, null, stop);
        sampling.violation().map(Failure::message).ifPresent(message -> {
            throw new UsageFailure(message);
        });
        return sampling;
    }
}
