package dev.runnel.cli.terminal;

import dev.runnel.cli.source.Answer;
import dev.runnel.cli.source.AnswerReader;
import dev.runnel.cli.source.SourceException;
import dev.runnel.cli.source.StopSignal;
import dev.runnel.cli.source.TextSource;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A conversation at a terminal. Runs on one thread; Ctrl-C comes on another. */
public final class Chat {

    private final Lines lines;
    private final Screen screen;
    private final TextSource source;
    private final Conversation conversation;
    private final ChatCommands commands;
    private volatile @Nullable StopSignal running;
    private volatile boolean isLeft;
    private boolean hasFailed;

    public Chat(Lines lines, Screen screen, TextSource source, Conversation conversation) {
        this.lines = lines;
        this.screen = screen;
        this.source = source;
        this.conversation = conversation;
        this.commands = new ChatCommands(conversation, source, screen);
    }

    /** Talks until the input ends. Returns the exit status: 1 if an answer has failed and no person saw it. */
    public int run() throws IOException, SourceException {
        lines.onInterrupt(this::interrupted);
        if (!open()) {
            return Interrupts.STATUS;
        }
        if (lines.isInteractive()) {
            screen.line("Enter a text. /help lists the commands, Ctrl-D leaves.");
        }
        while (!isLeft && !screen.isBroken()) {
            if (lines.isInteractive()) {
                // Ctrl-C right after a text is entered stops its answer.
                start();
            }
            Input input = lines.next();
            if (input instanceof Input.End || (input instanceof Input.Text text && !accept(text.text()))) {
                break;
            }
            if (input instanceof Input.Interrupted) {
                screen.line("Ctrl-D leaves.");
            }
        }
        screen.endLine();
        if (isLeft) {
            return Interrupts.STATUS;
        }
        return hasFailed && !lines.isInteractive() ? 1 : 0;
    }

    /** Whether the model is ready; else the user has stopped the wait for it. */
    private boolean open() throws SourceException {
        StopSignal stop = start();
        try {
            source.open(conversation.model(), stop);
            return true;
        } catch (SourceException e) {
            if (stop.isStopped()) {
                return false;
            }
            throw e;
        } finally {
            running = null;
        }
    }

    private StopSignal start() {
        StopSignal fresh = new StopSignal();
        running = fresh;
        return fresh;
    }

    /** Stops the answer. Where no person can enter the next text, the program ends too. */
    private void interrupted() {
        isLeft |= !lines.isInteractive();
        StopSignal answer = running;
        if (answer != null) {
            answer.stop();
        } else if (isLeft) {
            Runtime.getRuntime().halt(Interrupts.STATUS);
        }
    }

    /** Returns whether the conversation continues. */
    private boolean accept(String text) {
        if (text.isBlank()) {
            return true;
        }
        StopSignal entered = running;
        StopSignal stop = entered == null ? start() : entered;
        try {
            if (text.startsWith("/")) {
                return commands.run(text, stop);
            }
            answer(text, stop);
            return true;
        } finally {
            running = null;
        }
    }

    private void answer(String text, StopSignal stop) {
        StringBuilder answer = new StringBuilder();
        try {
            Answer end = source.generate(conversation.question(text), reader(answer, stop), stop);
            screen.endLine();
            if (answer.length() > 0) {
                conversation.add(text, answer.toString());
            }
            if (screen.isBroken()) {
                return;
            }
            if (end.finishReason().equals(Answer.CANCELLED)) {
                screen.notice("Stopped.");
            } else if (end.finishReason().equals(Answer.LENGTH)) {
                screen.notice("Cut at the most tokens; --max-tokens sets another number.");
            }
        } catch (SourceException e) {
            hasFailed = true;
            screen.endLine();
            screen.notice(String.valueOf(e.getMessage()));
        }
    }

    private AnswerReader reader(StringBuilder answer, StopSignal stop) {
        return new AnswerReader() {

            @Override
            public void text(String piece) {
                answer.append(piece);
                screen.text(piece);
                if (screen.isBroken()) {
                    stop.stop();
                }
            }

            @Override
            public void notice(String line) {
                screen.endLine();
                screen.notice(line);
            }
        };
    }
}
