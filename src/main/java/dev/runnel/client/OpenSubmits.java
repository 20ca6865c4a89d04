package dev.runnel.client;

import dev.runnel.message.Submit;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.function.BooleanSupplier;

/**
 * The submits of this process that no generator has answered yet. A generator asks whether the consumer still waits
 * before it spends time on the prompt. A submit of another node is not known here, and counts as waited for.
 */
public final class OpenSubmits {

    private static final String MAP = "runnel.openSubmits";

    private final LocalMap<Key, Consumer> map;

    private OpenSubmits(LocalMap<Key, Consumer> map) {
        this.map = map;
    }

    /** Those of the process; found once, since a look-up for every submit would cost as much as the entry. */
    static OpenSubmits of(Vertx vertx) {
        return new OpenSubmits(submits(vertx));
    }

    /** Compared by identity: a bus within the process delivers the same object, and two requests may be equal. */
    private record Key(Submit submit) implements Shareable {

        @Override
        @SuppressWarnings("ReferenceEquality") // two requests may be equal in all fields
        public boolean equals(Object other) {
            return other instanceof Key key && key.submit == submit;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(submit);
        }
    }

    private record Consumer(BooleanSupplier isGone) implements Shareable {}

    void add(Submit submit, BooleanSupplier isGone) {
        map.put(new Key(submit), new Consumer(isGone));
    }

    void remove(Submit submit) {
        map.remove(new Key(submit));
    }

    /** Whether the consumer is known to wait no longer for the answer to a submit. Any thread. */
    public static boolean isAbandoned(Vertx vertx, Submit submit) {
        Consumer consumer = submits(vertx).get(new Key(submit));
        return consumer != null && consumer.isGone().getAsBoolean();
    }

    private static LocalMap<Key, Consumer> submits(Vertx vertx) {
        return vertx.sharedData().getLocalMap(MAP);
    }
}
