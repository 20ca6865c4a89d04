package dev.runnel.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.Allowance;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerTest {

    private static Caller caller(String issuer, String subject) {
        return new Caller(issuer, subject, "key", "plan", Set.of(), Instant.EPOCH, Allowance.UNLIMITED);
    }

    @Test
    void ownersOfTwoIssuersDifferWhateverTheirSubjectsAre() {
        assertThat(caller("corp", "eu alice").owner())
                .isNotEqualTo(caller("corp eu", "alice").owner());
        assertThat(caller("corp", "alice").owner())
                .isEqualTo(caller("corp", "alice").owner());
    }
}
