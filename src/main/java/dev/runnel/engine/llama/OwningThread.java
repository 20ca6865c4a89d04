package dev.runnel.engine.llama;

/**
 * The thread that made an object and must be the only one to use it. Each entrance of such an object asserts
 * {@link #isCurrent}; the assertion costs nothing while assertions are disabled.
 */
record OwningThread(Thread thread) {

    static OwningThread current() {
        return new OwningThread(Thread.currentThread());
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }
}
