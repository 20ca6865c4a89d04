package dev.runnel.metric;

/** What there is to show of a model as it is now. */
public enum ModelGauge {
    AVAILABLE("runnel.model.available", "Whether the model works, 1 or 0"),
    WAITING("runnel.queue.depth", "Generations that wait for a place"),
    PLACES_TO_WAIT("runnel.queue.places", "Generations that may wait for a place"),
    RUNNING("runnel.generations.running", "Generations that the engine works on"),
    PLACES_TO_RUN("runnel.generations.places", "Generations that the engine works on at once, at most"),
    CELLS("runnel.generations.cells", "Context cells that running generations take");

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
