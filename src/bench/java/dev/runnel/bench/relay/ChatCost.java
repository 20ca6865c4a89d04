package dev.runnel.bench.relay;

import java.util.List;

/** What an event of a chat costs, against one of Runnel's own route without the whole text. */
public final class ChatCost implements Figure {

    @Override
    public List<Row> measure(Rig rig, Effort effort) {
        Load load = WarmLoad.load(effort);
        Turns.runnelAlone(rig, load.withoutText());
        Turns.runnelAlone(rig, load.asChat());
        return List.of(Pairs.of(
                "CPU per event, a chat against `includeText: false`, µs",
                "%.1f",
                effort.rounds(),
                () -> Turns.runnelAlone(rig, load.asChat()).cpuMicrosPerEvent(),
                () -> Turns.runnelAlone(rig, load.withoutText()).cpuMicrosPerEvent()));
    }
}
