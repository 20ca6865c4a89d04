package dev.runnel.auth;

import dev.runnel.config.AuthConfig;
import dev.runnel.config.IssuerConfig;
import dev.runnel.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of the tests. */
public final class AuthSettings {

    static final String SECRET = "the-secret-of-the-tests-is-long-enough";

    private AuthSettings() {}

    public static AuthConfig local() {
        return trusting();
    }

    /** The secret is in the data directory. */
    static AuthConfig withoutSecret() {
        return new AuthConfig(
                Optional.empty(), "runnel", "runnel", Duration.ofSeconds(10), Duration.ofDays(366), List.of());
    }

    static AuthConfig trusting(IssuerConfig... issuers) {
        return new AuthConfig(
                Optional.of(new Secret(SECRET.getBytes(StandardCharsets.UTF_8))),
                "runnel",
                "runnel",
                Duration.ofSeconds(10),
                Duration.ofDays(366),
                List.of(issuers));
    }
}
