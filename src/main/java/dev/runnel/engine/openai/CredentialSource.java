package dev.runnel.engine.openai;

import java.nio.file.Path;

/** Where an upstream's API key is kept. */
sealed interface CredentialSource {

    /** The upstream needs no key. */
    record None() implements CredentialSource {}

    /**
     * An environment variable holds the key.
     *
     * @param variable its name
     */
    record Environment(String variable) implements CredentialSource {}

    /** A file holds the key and nothing else. */
    record File(Path path) implements CredentialSource {}
}
