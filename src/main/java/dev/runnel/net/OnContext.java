package dev.runnel.net;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

/**
 * Checks that code runs on the Vert.x context to which its object belongs: {@code assert OnContext.check(context)}. It
 * costs nothing where assertions are off.
 */
public final class OnContext {

    private OnContext() {}

    /**
     * Checks the calling thread.
     *
     * @param expected the context of the object; a duplicate of it counts as the context itself, because Vert.x makes
     *     one for each message and request
     * @return true
     * @throws AssertionError if the caller runs on another context or on none
     */
    public static boolean check(Context expected) {
        Context current = Vertx.currentContext();
        if (current == null || original(current) != original(expected)) {
            throw new AssertionError("called by " + Thread.currentThread().getName() + " on context " + current
                    + " (expected: context " + expected + ")");
        }
        return true;
    }

    /**
     * As {@link #check}, for code that only needs the context's event loop. Tasks of the loop and completions of writes
     * run on no context.
     */
    public static boolean checkLoop(Context expected) {
        if (!NettyConnection.eventLoop(expected).inEventLoop()) {
            throw new AssertionError("called by " + Thread.currentThread().getName() + " (expected: the event loop of "
                    + expected + ")");
        }
        return true;
    }

    private static Context original(Context context) {
        return ((ContextInternal) context).unwrap();
    }
}
