package dev.runnel.client;

import dev.runnel.message.Cancel;
import dev.runnel.text.Failure;

/** A generation, for its {@link Guard}. Belongs to the client's context. */
interface Guarded {

    /** The number of the message that is expected. */
    long nextSequence();

    /** It is cancelled by name, while no generator runs it. */
    void cancel(Cancel.Cause cause);

    /** Another generator runs it from now on. */
    void moved();

    /** No generator goes on. With {@code CLUSTER}, one that is not reached may. */
    void givenUp(Failure why);
}
