package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A public key in a PEM file ({@code PUBLIC KEY} or {@code CERTIFICATE}).
 *
 * @param id the {@code kid} of its tokens. A key without id verifies the tokens of its algorithm, if no other key has
 *     that algorithm.
 * @param algorithm the only algorithm of the key: {@code RS256}, {@code PS256}, {@code ES256} or {@code EdDSA}
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
