package dev.runnel.metric;

/** The gauges of a model. */
public enum ModelGauge {
    AVAILABLE("runnel.model.available", "1 if the model works, else 0"),
    WAITING("runnel.queue.depth", "Generations that wait for a place at the model"),
    PROMPTS_WAITING("runnel.prompts.waiting", "Prompts that wait until the engine counts their tokens"),
    PLACES_TO_WAIT("runnel.queue.places", "Generations that may wait at most"),
    RUNNING("runnel.generations.running", "Generations that the engine runs"),
    PLACES_TO_RUN("runnel.generations.places", "Generations that the engine may run at once at most"),
    CELLS("runnel.generations.cells", "Context cells that the running generations occupy");

    private final String meter;
    private final String description;

    ModelGauge(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    String meter() {
        return meter;
    }

    String description() {
        return description;
    }
}
