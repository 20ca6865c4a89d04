package dev.runnel.simulation;

/** A text that one or several clients ask for. */
interface Requested {

    /** The number that its prompt names. */
    int number();

    /** Whether its events have cursors. */
    boolean isResumable();

    /** Whether a client has deleted it. */
    boolean isDeleted();
}
