package dev.runnel.simulation;

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
