package dev.runnel.engine.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that loads models and evaluates batches, for all models of a process in turn: libgomp counts the threads of
 * every team that was ever started, and past the number of cores its barriers no longer spin, which halves the speed. What
 * others want of it are commands, which it takes between steps; without work it blocks.
 */
final class EngineThread {

    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);

    /** Bounded by what callers may have under way: per generation a start and a cancel, per model an open and a close. */
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();

    /** Touched by the thread itself only. */
    private final List<BatchLoop> loops = new ArrayList<>();

    private final Thread thread = new Thread(this::run, "runnel-llama");
    private final OwningThread owner = new OwningThread(thread);

    private boolean stopping;
    private boolean ended;

    void start() {
        thread.start();
    }

    /** Lets the thread do something between two steps; {@code false} if it has ended. */
    synchronized boolean submit(Runnable command) {
        return !ended && commands.add(command);
    }

    /** Ends the thread once it has done what was submitted and no model is left. */
    synchronized void stop() {
        stopping = true;
        commands.add(() -> {});
    }

    /** From a command: steps of this model are due from now on. */
    void add(BatchLoop loop) {
        assert owner.isCurrent();
        loops.add(loop);
    }

    /** From a command: no more steps of this model. */
    void remove(BatchLoop loop) {
        assert owner.isCurrent();
        loops.remove(loop);
    }

    private void run() {
        while (!mayEnd()) {
            boolean working = loops.stream().anyMatch(BatchLoop::hasWork);
            Runnable command = working ? commands.poll() : take();
            while (command != null) {
                runCommand(command);
                command = commands.poll();
            }
            List.copyOf(loops).forEach(this::step);
        }
    }

    private synchronized boolean mayEnd() {
        ended = stopping && commands.isEmpty() && loops.isEmpty();
        return ended;
    }

    private @Nullable Runnable take() {
        try {
            return commands.take();
        } catch (InterruptedException e) {
            // Nobody interrupts it; if somebody does, that is no reason to leave models without their thread.
            LOG.warn("the engine thread was interrupted and goes on");
            return null;
        }
    }

    private static void runCommand(Runnable command) {
        try {
            command.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a command to the engine failed", e);
        }
    }

    private void step(BatchLoop loop) {
        if (!loop.hasWork()) {
            return;
        }
        try {
            loop.step();
        } catch (RuntimeException | Error e) {
            runCommand(() -> loop.abandon(e));
        }
    }
}
