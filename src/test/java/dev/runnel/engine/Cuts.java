package dev.runnel.engine;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import dev.runnel.text.TextSoFar;
import dev.runnel.text.TokenIds;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Records what a consumer has after each piece that it gets, with the ids of the tokens. */
public final class Cuts implements Sink {

    private final Promise<Completion> end = Promise.promise();
    private final List<TextSoFar> cuts = new ArrayList<>();
    private TextSoFar sent = TextSoFar.NONE;
    private int tokensWithoutText;
    private TokenIds idsWithoutText = TokenIds.NONE;

    private Cuts() {}

    /** Runs a prompt to its end, and records it. */
    public static Cuts of(EngineRig rig, Prompt prompt) throws TimeoutException {
        Cuts cuts = new Cuts();
        rig.onLoop(
                () -> rig.engine().prepare(prompt).map(prepared -> rig.engine().start(prepared, cuts)));
        cuts.completion();
        return cuts;
    }

    @Override
    public boolean wantsTokenIds() {
        return true;
    }

    @Override
    public void piece(EscapedText text, int tokens) {
        piece(text, tokens, TokenIds.NONE);
    }

    @Override
    public void piece(EscapedText text, int tokens, TokenIds ids) {
        tokensWithoutText += tokens;
        idsWithoutText = idsWithoutText.with(ids);
        if (!text.isEmpty()) {
            sent = new TextSoFar(
                    sent.text() + text, sent.tokenIds().with(idsWithoutText), sent.tokens() + tokensWithoutText);
            cuts.add(sent);
            tokensWithoutText = 0;
            idsWithoutText = TokenIds.NONE;
        }
    }

    @Override
    public void completed(Completion completion) {
        end.complete(completion);
    }

    @Override
    public void failed(Failure failure) {
        end.fail(new GenerationException(failure));
    }

    /** What the consumer had after each piece, the last one included. */
    public List<TextSoFar> all() {
        return List.copyOf(cuts);
    }

    /** The whole text. */
    public String text() {
        return sent.text();
    }

    public Completion completion() throws TimeoutException {
        return end.future().await(20, TimeUnit.SECONDS);
    }
}
