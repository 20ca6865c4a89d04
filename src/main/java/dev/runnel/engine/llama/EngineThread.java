package dev.runnel.engine.llama;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that loads models and evaluates batches, for all models of a process in turn. There is only one
 * because libgomp counts the threads of every team that was ever started. If the count exceeds the number of cores, its
 * barriers no longer spin, which halves the speed. Other threads submit commands, which run between steps. Without work
 * it blocks.
 */
final class EngineThread {

    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);

    /** Bounded by the callers: per generation one start and one cancel, per model one open and one close. */
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();

    /** Used on this thread only. */
    private final List<BatchLoop> loops = new ArrayList<>();

    private final Thread thread = new Thread(this::run, "runnel-llama");
    private final OwningThread owner = new OwningThread(thread);

    private boolean stopping;
    private boolean ended;

    void start() {
        thread.start();
    }

    /** Runs a command between two steps; {@code false} if the thread has ended. */
    synchronized boolean submit(Runnable command) {
        return !ended && commands.add(command);
    }

    /** Ends the thread after all submitted commands have run and all models are removed. */
    synchronized void stop() {
        stopping = true;
        commands.add(() -> {});
    }

    /** Called by a command: steps of this model run from now on. */
    void add(BatchLoop loop) {
        assert owner.isCurrent();
        loops.add(loop);
    }

    /** Called by a command: no more steps of this model. */
    void remove(BatchLoop loop) {
        assert owner.isCurrent();
        loops.remove(loop);
    }

    private void run() {
        while (!mayEnd()) {
            boolean working = loops.stream().anyMatch(BatchLoop::hasWork);
            Runnable command = working ? commands.poll() : nextCommand();
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

    private @Nullable Runnable nextCommand() {
        try {
            return commands.take();
        } catch (InterruptedException e) {
            // No code of ours interrupts the thread. If it happens, the models still need it.
            LOG.warn("the engine thread was interrupted and continues");
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
