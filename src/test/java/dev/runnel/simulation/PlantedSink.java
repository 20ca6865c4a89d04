package dev.runnel.simulation;

import dev.runnel.engine.Completion;
import dev.runnel.engine.Sink;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.Usage;
import java.util.Arrays;

/** A generation's sink, with what is planted between the engine and it. */
record PlantedSink(World world, Sink generation) implements Sink {

    @Override
    public void piece(EscapedText text, int tokens) {
        Plant plant = world.plant();
        if (plant.hits(Plant.Bug.LOST_DELTA)) {
            return;
        }
        if (plant.hits(Plant.Bug.REPEATED_DELTA)) {
            generation.piece(text, tokens);
        }
        byte[] bytes = new byte[text.escapedLength()];
        text.copyTo(bytes, 0);
        int middle = Math.max(1, bytes.length - 1);
        boolean isSplit = bytes[bytes.length - 1] < 0 && plant.hits(Plant.Bug.SPLIT_CODE_POINT);
        if (isSplit) {
            generation.piece(EscapedText.restored(Arrays.copyOf(bytes, middle), middle), tokens);
            generation.piece(EscapedText.restored(Arrays.copyOfRange(bytes, middle, bytes.length), 1), 0);
        } else {
            generation.piece(text, tokens);
        }
    }

    @Override
    public void completed(Completion completion) {
        generation.completed(completion);
    }

    @Override
    public void failed(Failure failure) {
        generation.failed(failure);
    }

    @Override
    public void failed(Failure failure, Usage usage) {
        generation.failed(failure, usage);
    }
}
