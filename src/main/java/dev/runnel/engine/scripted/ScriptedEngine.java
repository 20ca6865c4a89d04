package dev.runnel.engine.scripted;

import dev.runnel.engine.Engine;
import dev.runnel.engine.GenerationHandle;
import dev.runnel.engine.ModelFacts;
import dev.runnel.engine.Options;
import dev.runnel.engine.PreparedPrompt;
import dev.runnel.engine.Prompt;
import dev.runnel.engine.Sink;
import dev.runnel.engine.Thinking;
import dev.runnel.engine.ToolChoice;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Turn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Generates the text of its script. The tokens of a prompt are the words of all its turns: runs of characters that are
 * not white space.
 */
final class ScriptedEngine implements Engine {

    private static final Pattern WORD = Pattern.compile("\\S+");

    private final Script script;
    private final Vertx vertx;
    private final Set<ScriptedRun> runs = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ScriptedEngine(Script script, Vertx vertx) {
        this.script = script;
        this.vertx = vertx;
    }

    @Override
    public Future<ModelFacts> open() {
        return script.unavailable()
                .<Future<ModelFacts>>map(Future::failedFuture)
                .orElseGet(() -> Future.succeededFuture(
                        new ModelFacts(script.contextTokens(), script.sequences(), script.cells()).preparingAtOnce()));
    }

    @Override
    public Future<PreparedPrompt> prepare(Prompt prompt) {
        if (closed) {
            return refused(Failure.of(FailureCode.MODEL_UNAVAILABLE, "the model is closed"));
        }
        Optional<Failure> choice = choice(prompt);
        if (choice.isPresent()) {
            return refused(choice.get());
        }
        if (piecesSoFar(prompt).isEmpty()) {
            return refused(
                    Failure.invalid("continuation", "continuation: the text so far is not of this model's script"));
        }
        int promptTokens = words(prompt.turns());
        int context = script.contextTokens();
        if (context == 0) {
            return Future.succeededFuture(prepared(prompt, promptTokens, prompt.maxTokens(), 1));
        }
        int left = context - promptTokens;
        if (left < 1) {
            return refused(Failure.contextExceeded(promptTokens, context));
        }
        if (prompt.maxTokens() > left && !prompt.maxTokensIsDefault()) {
            return refused(Failure.invalid(
                    "maxTokens",
                    "maxTokens: " + prompt.maxTokens() + " (expected: 1 … " + left + " after this prompt)"));
        }
        int maxTokens = Math.min(prompt.maxTokens(), left);
        return Future.succeededFuture(prepared(prompt, promptTokens, maxTokens, promptTokens + maxTokens));
    }

    private static Optional<Failure> choice(Prompt prompt) {
        try {
            Options options = Options.read(prompt.options());
            return ToolChoice.refusal(options).or(() -> Thinking.refusal(options));
        } catch (GenerationException e) {
            return Optional.of(e.failure());
        }
    }

    private static Future<PreparedPrompt> refused(Failure failure) {
        return Future.failedFuture(new GenerationException(failure));
    }

    private static int words(List<Turn> turns) {
        return turns.stream()
                .mapToInt(turn -> (int) WORD.matcher(turn.content()).results().count())
                .sum();
    }

    private ScriptedPrompt prepared(Prompt prompt, int promptTokens, int maxTokens, int cells) {
        return new ScriptedPrompt(
                pieces(prompt),
                prompt.sampling().stop(),
                promptTokens,
                maxTokens,
                cells,
                piecesSoFar(prompt).orElseThrow());
    }

    private List<String> pieces(Prompt prompt) {
        return script.pieces(prompt.turns().get(prompt.turns().size() - 1).content());
    }

    private Optional<PiecesSoFar> piecesSoFar(Prompt prompt) {
        return prompt.textSoFar().isEmpty()
                ? Optional.of(new PiecesSoFar(0, 0, 0))
                : PiecesSoFar.of(prompt.textSoFar(), pieces(prompt));
    }

    @Override
    public GenerationHandle start(PreparedPrompt prepared, Sink sink) {
        var run = new ScriptedRun(script, (ScriptedPrompt) prepared, sink, vertx.getOrCreateContext(), runs::remove);
        runs.add(run);
        run.start();
        return run;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.join(runs.stream().map(ScriptedRun::close).toList()).mapEmpty();
    }
}
