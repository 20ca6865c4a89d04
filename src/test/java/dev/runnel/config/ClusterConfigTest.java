package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.ClusterConfig.Placement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterConfigTest {

    @Test
    void serviceIsASingleNodeByDefault() {
        assertThat(TestConfig.of("").cluster()).isEmpty();
    }

    @Test
    void clusterNeedsNothingButItsSwitch() {
        ClusterConfig cluster =
                TestConfig.of("cluster: { enabled: true }").cluster().orElseThrow();

        assertThat(cluster.name()).isEqualTo("runnel");
        assertThat(cluster.host()).isEqualTo("127.0.0.1");
        assertThat(cluster.port()).isEqualTo(5701);
        assertThat(cluster.placement()).isEqualTo(Placement.SPREAD);
        assertThat(cluster.limits()).isEqualTo(ClusterConfig.WithoutAnswer.SHARE);
        assertThat(cluster.decision()).isEqualTo(Duration.ofMillis(50));
        assertThat(cluster.members()).isEmpty();
        assertThat(cluster.tls()).isEmpty();
    }

    @Test
    void addressOfAMemberHasHostAndPort() {
        assertThat(ClusterConfig.address("node-a.example:5701").getHostString()).isEqualTo("node-a.example");
        assertThat(ClusterConfig.address("[fd00::1]:5702").getHostString()).isEqualTo("fd00::1");
        assertThat(ClusterConfig.address("[fd00::1]:5702").getPort()).isEqualTo(5702);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            host: 0.0.0.0                   | cluster.host: 0.0.0.0 (expected: one address of this machine, which the other members connect to)
            port: 70000                     | cluster.port: 70000 (expected: 0 … 65535)
            busPort: 5701                   | cluster.busPort: 5701 (expected: another port than cluster.port, or 0)
            members: [ a ]                  | cluster.members[0]: a (expected: host:port, with a port of 1 … 65535)
            members: [ "a:65536" ]          | cluster.members[0]: a:65536 (expected: host:port, with a port of 1 … 65535)
            members: [ "a:0" ]              | cluster.members[0]: a:0 (expected: host:port, with a port of 1 … 65535)
            minimumMembers: 0               | cluster.minimumMembers: 0 (expected: 1 … 1000)
            placement: near                 | cluster.placement: near (expected: spread or local)
            limits: open                    | cluster.limits: open (expected: share or closed)
            decision: 1ms                   | cluster.decision: 1ms (expected: 5ms … 5s, with a unit: ms, s, m, h, d)
            kubernetesService: runnel       | cluster.minimumMembers: missing (expected: a number, because kubernetesService does not say how many there are)
            tls: { certificateFile: a.pem } | cluster.tls.keyFile: nothing (expected: a file's path, because another file of cluster.tls is set)
            tls: { certificateFile: a.pem } | cluster.tls.trustFile: nothing (expected: a file's path, because another file of cluster.tls is set)
            tls: { trustFile: a.pem }       | cluster.tls.certificateFile: nothing (expected: a file's path, because another file of cluster.tls is set)
            """)
    void badValueIsRefusedAlsoWhereTheClusterIsOff(String setting, String complaint) {
        assertThatThrownBy(() -> TestConfig.of("cluster:\n  " + setting)).hasMessageContaining(complaint);
    }

    @Test
    void serviceNameAndListExcludeEachOther() {
        assertThatThrownBy(() -> TestConfig.of("""
                        cluster:
                          kubernetesService: runnel-members
                          minimumMembers: 2
                          port: 0
                          members: [ "a:1" ]
                        """))
                .hasMessageContaining("cluster.members: 1 members (expected: either members or kubernetesService)")
                .hasMessageContaining("cluster.port: 0 (expected: a fixed port");
    }
}
