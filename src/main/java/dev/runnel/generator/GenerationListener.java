package dev.runnel.generator;

import dev.runnel.message.Ended;

/** Receives the end of a generation, once, on the generator's context. */
@FunctionalInterface
interface GenerationListener {

    void ended(Ended ended);
}
