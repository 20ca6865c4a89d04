package dev.runnel.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A public key in a PEM file ({@code PUBLIC KEY} or {@code CERTIFICATE}).
 *
 * @param id the {@code kid} that tokens name it by; one without takes tokens of its algorithm if it is alone in that
 * @param algorithm the only one it is used with: {@code RS256}, {@code PS256}, {@code ES256} or {@code EdDSA}
 */
public record PublicKeyConfig(Optional<String> id, String algorithm, Path file) {

    private static final Rule<String> ALGORITHM =
            Rule.matching(Pattern.compile("RS256|PS256|ES256|EdDSA"), "RS256, PS256, ES256 or EdDSA");

    static PublicKeyConfig read(Section section) {
        return new PublicKeyConfig(
                section.optional("id", Rule.word()),
                section.required("algorithm", ALGORITHM),
                section.required("file", Rule.path()));
    }
}
