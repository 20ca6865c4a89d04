package dev.runnel.generator;

import java.util.function.ToIntFunction;

/** The places of one model; none until it is open. */
public record QueueProbe(Models models, String model) {

    private int read(ToIntFunction<ModelQueue> number) {
        return models.find(model).orElseThrow().state() instanceof Model.Open open
                ? number.applyAsInt(open.queue())
                : 0;
    }

    public int waiting() {
        return read(ModelQueue::waiting);
    }

    public int running() {
        return read(ModelQueue::running);
    }
}
