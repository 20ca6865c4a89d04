package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ClusterConfig;
import dev.runnel.config.ClusterConfig.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListedMembersTest {

    private static ListedMembers of(Optional<Integer> minimum, String... members) {
        return ListedMembers.of(new ClusterConfig(
                "runnel",
                "127.0.0.1",
                5701,
                0,
                List.of(members),
                Optional.empty(),
                minimum,
                Placement.SPREAD,
                ClusterConfig.WithoutAnswer.SHARE,
                Duration.ofMillis(50),
                4,
                Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 1",
        "'127.0.0.1:5701', 0, 1",
        "'127.0.0.1:5702', 1, 1",
        "'127.0.0.1:5701 127.0.0.1:5702', 1, 1",
        "'127.0.0.1:5702 127.0.0.1:5703', 2, 2",
        "'127.0.0.1:5701 127.0.0.1:5702 127.0.0.1:5703', 2, 2",
        "'localhost:5701 127.0.0.1:5702 127.0.0.1:5702', 1, 1",
        "'127.0.0.1:5702 127.0.0.1:5703 127.0.0.1:5704', 3, 3",
        "'127.0.0.1:5702 127.0.0.1:5703 127.0.0.1:5704 127.0.0.1:5705', 4, 3"
    })
    void moreThanHalfOfThreeOrMoreMustBeThere(String members, int others, int minimum) {
        String[] list = members.isEmpty() ? new String[0] : members.split(" ");

        assertThat(of(Optional.empty(), list)).isEqualTo(new ListedMembers(others, minimum));
    }

    @Test
    void settingOverridesTheDefault() {
        assertThat(of(Optional.of(1), "127.0.0.1:5702", "127.0.0.1:5703").minimum())
                .isEqualTo(1);
    }
}
