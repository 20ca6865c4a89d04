package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** Bytes of a secret; {@link #toString} does not show them. */
public final class Secret {

    private final byte[] bytes;

    public Secret(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Reads UTF-8 text of at least {@code minBytes}; no complaint contains the text. */
    static Rule<Secret> rule(int minBytes) {
        return new Rule<>(
                minBytes + " bytes or more",
                new Secret(new byte[minBytes]),
                text -> Optional.of(new Secret(text.getBytes(StandardCharsets.UTF_8)))
                        .filter(secret -> secret.length() >= minBytes),
                true);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Secret[…]";
    }
}
