package dev.runnel.simulation;

import io.netty.util.concurrent.Ticker;

/** What all parts of one simulation share. */
record World(
        VirtualClock clock,
        Choices choices,
        Plant plant,
        Steps steps,
        Rules rules,
        Reference reference,
        Network network,
        SimulatedLoops loops) {

    /** One of several processes: with loops, a clock and an address of its own. */
    World process(String name, Ticker itsClock, int lanes) {
        return new World(
                clock,
                choices.of(name),
                plant,
                steps,
                rules,
                reference,
                network.ofAnother(),
                new SimulatedLoops(name + " ", lanes, itsClock, plant));
    }

    static World of(Choices choices, Plant plant, int lanes) {
        VirtualClock clock = new VirtualClock();
        Steps steps = new Steps(clock);
        return new World(
                clock,
                choices,
                plant,
                steps,
                new Rules(steps),
                new Reference(),
                new Network(clock, plant),
                new SimulatedLoops(lanes, clock, plant));
    }
}
