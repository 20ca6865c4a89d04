package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterHostWarningTest {

    @TempDir
    Path data;

    private Optional<String> warning(String cluster) {
        return ClusterHostWarning.warning(ServiceConfig.of("cluster: { enabled: true, " + cluster + " }", data));
    }

    @Test
    void loopbackIsWarnedAboutWhereMembersAreOnOtherMachines() {
        assertThat(warning("members: [ \"127.0.0.1:5702\", \"10.0.0.2:5701\" ]"))
                .hasValueSatisfying(line ->
                        assertThat(line).startsWith("cluster.host: 127.0.0.1").contains("10.0.0.2:5701"));
        assertThat(warning("kubernetesService: runnel, minimumMembers: 2"))
                .hasValueSatisfying(line -> assertThat(line).contains("the pods of runnel"));
    }

    @Test
    void nodeThatItsMembersReachIsNotWarnedAbout() {
        assertThat(warning("members: [ \"127.0.0.1:5702\" ]")).isEmpty();
        assertThat(warning("host: 10.0.0.1, members: [ \"10.0.0.2:5701\" ]")).isEmpty();
        assertThat(ClusterHostWarning.warning(ServiceConfig.of("", data))).isEmpty();
    }
}
