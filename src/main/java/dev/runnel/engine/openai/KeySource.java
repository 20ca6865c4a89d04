package dev.runnel.engine.openai;

import java.nio.file.Path;

/** Where an upstream's API key is kept. */
sealed interface KeySource {

    /** It asks for none. */
    record None() implements KeySource {}

    /** @param variable its name */
    record Environment(String variable) implements KeySource {}

    record File(Path path) implements KeySource {}
}
