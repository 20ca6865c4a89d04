package dev.runnel.engine.openai;

import java.nio.file.Path;

/** Where an upstream's API key is kept. */
sealed interface CredentialSource {

    /** It asks for none. */
    record None() implements CredentialSource {}

    /**
     * A variable of the environment holds it.
     *
     * @param variable its name
     */
    record Environment(String variable) implements CredentialSource {}

    /** A file holds it, and nothing else. */
    record File(Path path) implements CredentialSource {}
}
