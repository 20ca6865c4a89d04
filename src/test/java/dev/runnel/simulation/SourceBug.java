package dev.runnel.simulation;

import java.util.List;

/** A bug that is planted in the source of the service: a text in a file is replaced by another one. */
interface SourceBug {

    /** Its name. */
    String name();

    /** How many nodes run the service to show it. */
    int nodes();

    List<Edit> edits();

    /**
     * One change.
     *
     * @param file below {@code dev/runnel}, without its ending
     * @param before occurs once in the file
     */
    record Edit(String file, String before, String after) {}
}
