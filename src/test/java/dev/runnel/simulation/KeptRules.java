package dev.runnel.simulation;

import dev.runnel.config.ResumeConfig;
import dev.runnel.metric.ResumeMeters;
import dev.runnel.resume.KeptGenerations;
import dev.runnel.resume.KeptProbe;
import io.micrometer.core.instrument.MeterRegistry;

/** The resumable generations of the process, and what must hold of their number, readers and claims. */
final class KeptRules {

    private final World world;
    private final Situation situation;
    private final KeptGenerations kept;
    private final KeptProbe probe;

    KeptRules(World world, Situation situation, MeterRegistry registry) {
        this.world = world;
        this.situation = situation;
        this.kept = new KeptGenerations(situation.resume(), new ResumeMeters(registry), world.clock()::nanoTime);
        this.probe = new KeptProbe(kept);
    }

    KeptGenerations kept() {
        return kept;
    }

    void checkBounds() {
        ResumeConfig bounds = situation.resume();
        int generations = probe.generations();
        world.rules()
                .check(
                        generations <= bounds.maxGenerations(),
                        () -> "%d generations are kept, %d are the bound"
                                .formatted(generations, bounds.maxGenerations()));
        int readers = probe.readers();
        world.rules()
                .check(
                        readers >= 0 && readers <= generations * bounds.readers(),
                        () -> "%d readers of %d kept generations".formatted(readers, generations));
    }

    /** When the retention time of the last one has passed. */
    void checkEnd() {
        world.rules().check(probe.pending() == 0, () -> "%d claims are pending at the end".formatted(probe.pending()));
        world.rules().check(probe.readers() == 0, () -> "%d readers are counted at the end".formatted(probe.readers()));
        world.rules()
                .check(probe.generations() == 0, () -> "%d texts are kept at the end".formatted(probe.generations()));
        world.rules().check(probe.bytes() == 0, () -> "%d bytes are kept at the end".formatted(probe.bytes()));
    }
}
