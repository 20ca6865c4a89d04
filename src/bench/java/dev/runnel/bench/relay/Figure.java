package dev.runnel.bench.relay;

import java.util.List;

/** One thing that is measured, with the load that shows it. */
public interface Figure {

    /** The lines of the table that it gives. */
    List<Row> measure(Rig rig, Effort effort);
}
