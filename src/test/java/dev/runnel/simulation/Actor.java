package dev.runnel.simulation;

/** A client of the service. */
interface Actor {

    /** Comes at a time of its own. */
    void arrive();

    /** No faults happen any more: it reads what is left. */
    void calmDown();

    /** Checks what must hold at any time. */
    void check();

    /** Whether it waits for nothing any more. */
    boolean isDone();

    /** Checks it when everything has ended. */
    void checkEnd();

    String name();
}
