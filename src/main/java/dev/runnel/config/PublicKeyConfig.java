package dev.runnel.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A public key in a PEM file ({@code PUBLIC KEY} or {@code CERTIFICATE}).
 *
 * @param id the {@code kid} that tokens name it by; without it, it takes tokens that name none
 * @param algorithm the only one it is used with: {@code RS256}, {@code PS256}, {@code ES256} or {@code EdDSA}
 */
public record PublicKeyConfig(Optional<String> id, String algorithm, Path file) {}
