package dev.runnel.bench.relay;

import dev.runnel.bench.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Whether slow clients disturb the others: rounds with them and without, each with a service of its own. */
public final class SlowClientsComparison {

    /** The stall time, and until the connection of a client that reads nothing is full. */
    private static final double MIN_SECONDS = 30;

    /** A quarter of the stall time between two checks comes to it, and two seconds until the connection is full. */
    private static final double MAX_SECONDS = MIN_SECONDS * 5 / 4 + 2;

    private final Effort effort;
    private final List<Run> runs;
    private final Consumer<String> out;
    private final List<SlowClientsRound> alone = new ArrayList<>();
    private final List<SlowClientsRound> beside = new ArrayList<>();

    /** What is measured once in a round. */
    public enum Run {
        /** The clients that read, without slow ones. */
        ALONE,
        /** The clients that read, beside slow ones. */
        BESIDE,
        /** As BESIDE, with collections of the whole heap, which the ages of events show. */
        MEMORY
    }

    /**
     * Prepares them.
     *
     * @param runs of each round; every second round is turned round
     * @param out receives the lines of a table
     */
    public SlowClientsComparison(Effort effort, List<Run> runs, Consumer<String> out) {
        this.effort = effort;
        this.runs = List.copyOf(runs);
        this.out = out;
    }

    /** Runs all rounds; returns whether all slow clients were disconnected in time, and no stream was broken. */
    public boolean run() throws IOException {
        out.accept(SlowClientsRound.HEAD);
        boolean right = true;
        for (int round = 0; round < effort.rounds(); round++) {
            List<Run> turn = new ArrayList<>(runs);
            if (round % 2 == 1) {
                Collections.reverse(turn);
            }
            try (SlowClientsRig rig = SlowClientsRig.start(effort)) {
                rig.warm();
                for (Run run : turn) {
                    right &= run(rig, run);
                }
            }
        }
        out.accept("");
        out.accept("age p99 alone, ms: " + ages(alone) + "; beside slow clients: " + ages(beside));
        return right;
    }

    private boolean run(SlowClientsRig rig, Run run) throws IOException {
        return switch (run) {
            case ALONE -> note(alone, rig.alone());
            case BESIDE -> note(beside, rig.besideSlowClients(false));
            case MEMORY -> note(new ArrayList<>(), rig.besideSlowClients(true));
        };
    }

    private boolean note(List<SlowClientsRound> rounds, SlowClientsRound round) {
        rounds.add(round);
        out.accept(round.markdown());
        if (!round.reading().broken().isEmpty()) {
            out.accept("broken streams: " + round.reading().broken());
        }
        return round.reading().broken().isEmpty()
                && round.isEvictionRight(effort.streams(SlowClientsRig.NEVER_READERS), MIN_SECONDS, MAX_SECONDS);
    }

    private static String ages(List<SlowClientsRound> rounds) {
        Samples samples = new Samples();
        rounds.forEach(round -> samples.add(round.ageMillis("p99")));
        return samples.show("%.2f");
    }
}
