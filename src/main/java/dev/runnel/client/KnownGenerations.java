package dev.runnel.client;

import dev.runnel.message.Ended;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The generations of one client: those that run, and those that have ended and whose {@link Ended} has not come yet.
 * The latter are bounded in number and time. Everything happens on the client's context.
 */
final class KnownGenerations {

    /** Two minutes of 80 ends per second without any account. */
    static final int MAX_UNSETTLED = 10_000;

    private static final Failure LOST =
            Failure.of(FailureCode.LOST, "the account of the generation did not come; its generator is gone");

    private final Vertx vertx;
    private final Context context;
    private final long patienceMillis;
    private final Map<String, ClientGeneration> running = new HashMap<>();
    /** In the order of their ends. */
    private final Map<String, Unsettled> unsettled = new LinkedHashMap<>();
    /** The last runs of those that went on with another generator, in the order of their ends. */
    private final Map<String, Integer> epochs = new LinkedHashMap<>();
    /** Those whose account this client has published, in their order. */
    private final Set<String> published = new LinkedHashSet<>();
    /** How often the patience has passed while something was unsettled. */
    private long round;

    private boolean timerRuns;

    private record Unsettled(ClientGeneration generation, long round) {}

    /** @param patience an ended generation waits for its account for this long at least, and twice as long at most */
    KnownGenerations(Context context, Duration patience) {
        this.vertx = context.owner();
        this.context = context;
        this.patienceMillis = patience.toMillis();
    }

    void add(ClientGeneration generation) {
        running.put(generation.id(), generation);
    }

    @Nullable
    ClientGeneration find(String id) {
        ClientGeneration generation = running.get(id);
        if (generation != null) {
            return generation;
        }
        Unsettled waiting = unsettled.get(id);
        return waiting == null ? null : waiting.generation();
    }

    /** For those that run. An exception of one generation's reader does not reach the others. */
    void forEachRunning(Consumer<ClientGeneration> action) {
        forEach(List.copyOf(running.values()), action);
    }

    /** For those that run, and those whose account has not come. Otherwise as {@link #forEachRunning}. */
    void forEachKnown(Consumer<ClientGeneration> action) {
        List<ClientGeneration> all = new ArrayList<>(running.values());
        unsettled.values().forEach(waiting -> all.add(waiting.generation()));
        forEach(all, action);
    }

    /** Ends what runs on other nodes; returns how many had no end before. */
    int cut(Failure why) {
        var count = new AtomicInteger();
        forEachRunning(generation -> {
            if (generation.cut(why, false)) {
                count.incrementAndGet();
            }
        });
        return count.get();
    }

    private void forEach(List<ClientGeneration> all, Consumer<ClientGeneration> action) {
        for (ClientGeneration generation : all) {
            try {
                action.accept(generation);
            } catch (RuntimeException | Error e) {
                context.runOnContext(turn -> {
                    throw e;
                });
            }
        }
    }

    /** No more text is expected for a generation. */
    void ended(String id) {
        ClientGeneration generation = running.remove(id);
        if (generation == null) {
            return;
        }
        if (unsettled.size() == MAX_UNSETTLED) {
            removeOldest().settling().abandon(LOST);
        }
        unsettled.put(id, new Unsettled(generation, round));
        startTimer();
    }

    /** The account of a generation that had ended has come. */
    void settled(String id) {
        Unsettled settled = unsettled.remove(id);
        if (settled != null) {
            rememberEpoch(settled.generation());
        }
    }

    /** An earlier run, which was cut off, may send its end later. */
    private void rememberEpoch(ClientGeneration generation) {
        if (generation.epoch() > 0) {
            epochs.put(generation.id(), generation.epoch());
        }
        removeOldest(epochs.keySet());
    }

    private static void removeOldest(Set<String> ids) {
        if (ids.size() > MAX_UNSETTLED) {
            Iterator<String> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** This client has published the account. */
    void published(String id) {
        published.add(id);
        removeOldest(published);
    }

    /** Whether this client has published the account. */
    boolean isPublished(String id) {
        return published.contains(id);
    }

    /** Whether the end of a run is an end of the generation, and is known here. */
    boolean hasEndOf(String id, int epoch) {
        return find(id) == null && epochs.getOrDefault(id, 0) <= epoch;
    }

    private ClientGeneration removeOldest() {
        Iterator<Unsettled> oldest = unsettled.values().iterator();
        ClientGeneration generation = oldest.next().generation();
        oldest.remove();
        rememberEpoch(generation);
        return generation;
    }

    /** One timer for all: an account nearly always comes at once. */
    private void startTimer() {
        if (!timerRuns) {
            timerRuns = true;
            context.runOnContext(start -> vertx.setTimer(patienceMillis, passed -> patiencePassed()));
        }
    }

    private void patiencePassed() {
        timerRuns = false;
        round++;
        while (!unsettled.isEmpty() && unsettled.values().iterator().next().round() + 1 < round) {
            removeOldest().settling().expire(LOST);
        }
        if (!unsettled.isEmpty()) {
            startTimer();
        }
    }

    /** How many have ended without their account. */
    int unsettled() {
        return unsettled.size();
    }

    /** Forgets all that have ended: no account can arrive any more. */
    void close() {
        List<Unsettled> waiting = List.copyOf(unsettled.values());
        unsettled.clear();
        waiting.forEach(one -> one.generation()
                .settling()
                .abandon(Failure.of(FailureCode.CANCELLED, "the client of the generation is closed")));
    }
}
