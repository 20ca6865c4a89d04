package dev.runnel.engine;

import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.GenerationException;
import dev.runnel.text.PartKind;
import dev.runnel.text.Usage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A sink that records its calls, and every violation of the rules for all engines. */
public final class Recording implements Sink {

    private final Thread thread = Thread.currentThread();
    private final Promise<Completion> end = Promise.promise();
    private final List<String> breaches = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> answer = new ArrayList<>();
    private final int cancelAt;

    private GenerationHandle running;
    private int pieces;
    private int tokens;
    private boolean cancelled;
    private Usage spent;

    private Recording(int cancelAt) {
        this.cancelAt = cancelAt;
    }

    /** Starts a generation on the calling context. */
    public static Recording start(Engine engine, PreparedPrompt prepared) {
        return start(engine, prepared, Integer.MAX_VALUE);
    }

    /**
     * As {@link #start(Engine, Prepared)}, and cancels at the {@code cancelAt}-th piece; 0 cancels right after the
     * start.
     */
    public static Recording start(Engine engine, PreparedPrompt prepared, int cancelAt) {
        var recording = new Recording(cancelAt);
        recording.running = engine.start(prepared, recording);
        recording.cancelIfDue();
        return recording;
    }

    @Override
    public void piece(EscapedText text, int count) {
        check("piece");
        if (count < 0 || !isWhole(text)) {
            breaches.add("piece of " + count + " tokens: " + text);
        }
        texts.add(text.toString());
        if (!text.isEmpty()) {
            answer.add(text.toString());
        }
        pieces++;
        tokens += count;
        cancelIfDue();
    }

    @Override
    public void part(PartKind kind, String json, int count) {
        check("part");
        if (count < 0 || json.indexOf('\n') >= 0) {
            breaches.add("part of " + count + " tokens: " + json);
        }
        answer.add(kind.wireName() + " " + json);
        pieces++;
        tokens += count;
        cancelIfDue();
    }

    @Override
    public void completed(Completion completion) {
        check("completed");
        if (!end.tryComplete(completion)) {
            breaches.add("a second end: " + completion);
        }
    }

    @Override
    public void failed(Failure failure) {
        check("failed");
        if (!end.tryFail(new GenerationException(failure))) {
            breaches.add("a second end: " + failure);
        }
    }

    @Override
    public void failed(Failure failure, Usage usage) {
        spent = usage;
        failed(failure);
    }

    /** What it had used when it failed; {@code null} if the engine did not report it. */
    public Usage spent() {
        return spent;
    }

    private static boolean isWhole(EscapedText text) {
        byte[] utf8 = new byte[text.escapedLength()];
        text.copyTo(utf8, 0);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private void check(String call) {
        if (running == null) {
            breaches.add(call + " within start");
        }
        if (Thread.currentThread() != thread) {
            breaches.add(call + " on " + Thread.currentThread());
        }
        if (end.future().isComplete()) {
            breaches.add(call + " after the end");
        }
    }

    private void cancelIfDue() {
        if (pieces >= cancelAt && !cancelled) {
            cancelled = true;
            cancel();
        }
    }

    /** Cancels; on the context that started it. */
    public void cancel() {
        running.cancel();
    }

    public Completion completion() throws TimeoutException {
        return end.future().await(20, TimeUnit.SECONDS);
    }

    /** Completes at the end, whichever it is. */
    public Future<Void> end() {
        return end.future().<Void>mapEmpty().otherwiseEmpty();
    }

    /** Waits for the end, whichever it is. */
    public void awaitEnd() throws TimeoutException {
        end.future().otherwiseEmpty().await(20, TimeUnit.SECONDS);
    }

    public String text() {
        return String.join("", texts);
    }

    /** The texts that are not empty, and what is not text, in their order. */
    public List<String> answer() {
        return List.copyOf(answer);
    }

    public int tokens() {
        return tokens;
    }

    public int pieces() {
        return pieces;
    }

    public List<String> breaches() {
        return List.copyOf(breaches);
    }
}
