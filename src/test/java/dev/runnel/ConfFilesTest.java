package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.runnel.cli.Shutdown;
import dev.runnel.config.ClusterConfig;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.RunnelConfig;
import dev.runnel.generator.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for a service manager and for Kubernetes agree with the service's own defaults. */
class ConfFilesTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path KUBERNETES = Path.of("conf/kubernetes");

    /** The longest time of a stop after the drain limit: the last events and the closing. */
    private static final Duration AFTER_THE_DRAIN = Drain.LAST_EVENTS.plus(Shutdown.CLOSING);

    @TempDir
    Path folder;

    private static JsonNode file(String name) throws IOException {
        return YAML.readTree(KUBERNETES.resolve(name).toFile());
    }

    private static JsonNode pod() throws IOException {
        return file("deployment.yaml").at("/spec/template/spec");
    }

    private static JsonNode container() throws IOException {
        return pod().at("/containers/0");
    }

    /** What the pods read. */
    private RunnelConfig config() throws Exception {
        String text = file("configmap.yaml").at("/data/runnel.yaml").asText();
        Path secret = Files.writeString(folder.resolve("secret"), "a secret of more than thirty-two bytes");
        Path file = Files.writeString(
                folder.resolve("runnel.yaml"), text.replace("/etc/runnel-signing/secret", secret.toString()));
        ConfigReader reader = new ConfigReader(Optional.of(folder), Map.of(), Engines.onClassPath()::complaints);
        return reader.read(Optional.of(file)).config();
    }

    @Test
    void everyFileIsInTheKustomization() throws Exception {
        try (Stream<Path> files = Files.list(KUBERNETES)) {
            List<String> others = files.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals("kustomization.yaml"))
                    .toList();
            assertThat(StreamSupport.stream(
                                    file("kustomization.yaml").get("resources").spliterator(), false)
                            .map(JsonNode::asText))
                    .containsExactlyInAnyOrderElementsOf(others);
        }
    }

    /** They differ in their ports, and each lists all three. */
    @Test
    void threeNodesOfOneMachineFormACluster() throws Exception {
        ConfigReader reader = new ConfigReader(Optional.of(folder), Map.of(), Engines.onClassPath()::complaints);
        List<Integer> ports = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            RunnelConfig node = reader.read(Optional.of(Path.of("conf/cluster/node-" + number + ".yaml")))
                    .config();
            ClusterConfig cluster = node.cluster().orElseThrow();
            assertThat(cluster.members()).containsExactly("127.0.0.1:5701", "127.0.0.1:5702", "127.0.0.1:5703");
            assertThat(cluster.members().get(number - 1)).isEqualTo("127.0.0.1:" + cluster.port());
            ports.addAll(List.of(node.http().port(), node.management().port(), cluster.port()));
        }
        assertThat(ports).doesNotHaveDuplicates();
    }

    @Test
    void podsAreGivenTimeToDrain() throws Exception {
        long preStop = container().at("/lifecycle/preStop/exec/command/1").asLong();
        Duration grace =
                Duration.ofSeconds(pod().get("terminationGracePeriodSeconds").asLong());

        assertThat(preStop).isPositive();
        assertThat(grace)
                .isGreaterThan(Duration.ofSeconds(preStop)
                        .plus(config().http().drain())
                        .plus(AFTER_THE_DRAIN));
    }

    @Test
    void portsAreThoseOfTheService() throws Exception {
        RunnelConfig config = config();

        assertThat(container().at("/ports/0/name").asText()).isEqualTo("http");
        assertThat(container().at("/ports/0/containerPort").asInt())
                .isEqualTo(config.http().port());
        assertThat(container().at("/ports/1/name").asText()).isEqualTo("management");
        assertThat(container().at("/ports/1/containerPort").asInt())
                .isEqualTo(config.management().port());
        assertThat(file("service.yaml").at("/spec/ports/0/targetPort").asText()).isEqualTo("http");
        assertThat(file("members.yaml").at("/spec/clusterIP").asText()).isEqualTo("None");
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.management().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void probesAskTheManagementPortAndWaitForTheEventLoops() throws Exception {
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container().at("/" + probe + "/httpGet/port").asText()).isEqualTo("management");
        }
        assertThat(container().at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container().at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(Duration.ofSeconds(
                        container().at("/livenessProbe/timeoutSeconds").asLong()))
                .isGreaterThan(Runnel.LOOP_ANSWERS);
    }

    @Test
    void podsGetNoVariablesThatLookLikeSettingsAndMayDoLittle() throws Exception {
        assertThat(pod().get("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(pod().get("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("--uid " + pod().at("/securityContext/runAsUser").asText() + " ");
        assertThat(container().at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container().at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
    }

    @Test
    void everySelectorFindsThePods() throws Exception {
        JsonNode labels = file("deployment.yaml").at("/spec/template/metadata/labels");

        assertThat(file("deployment.yaml").at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(file("disruption.yaml").at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(file("service.yaml").at("/spec/selector")).isEqualTo(labels);
        assertThat(file("members.yaml").at("/spec/selector")).isEqualTo(labels);
    }

    @Test
    void everyVolumeThatIsMountedIsThere() throws Exception {
        assertThat(container().get("volumeMounts").findValuesAsText("name"))
                .containsExactlyInAnyOrderElementsOf(
                        StreamSupport.stream(pod().get("volumes").spliterator(), false)
                                .map(volume -> volume.get("name").asText())
                                .toList());
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("RUNNEL_DATA="
                        + container().at("/volumeMounts/2/mountPath").asText() + " ");
        assertThat(pod().at("/volumes/2/persistentVolumeClaim/claimName").asText())
                .isEqualTo(file("data.yaml").at("/metadata/name").asText());
    }

    /** The unit runs on JDK 17 too, which has no such option. */
    @Test
    void imageAndUnitUseTheCacheThatTheyTrain() throws Exception {
        String image = Files.readString(Path.of("Dockerfile"));
        String unit = Files.readString(Path.of("conf/systemd/runnel.service"));
        String page = Files.readString(Path.of("src/site/markdown/operations/deployment.md"));

        assertThat(image)
                .contains("runnel.jar train --out /opt/runnel/runnel.aot ", "\"-XX:AOTCache=/opt/runnel/runnel.aot\"");
        assertThat(unit).contains("-XX:+IgnoreUnrecognizedVMOptions", "-XX:AOTCache=/var/lib/runnel/runnel.aot ");
        assertThat(page).contains("runnel.jar train --out /var/lib/runnel/runnel.aot\n");
    }

    @Test
    void serviceManagerWaitsForTheDrain() throws Exception {
        String unit = Files.readString(Path.of("conf/systemd/runnel.service"));
        RunnelConfig defaults = new ConfigReader(Optional.of(folder), Map.of(), Engines.onClassPath()::complaints)
                .read(Optional.empty())
                .config();

        String stop = unit.lines()
                .filter(line -> line.startsWith("TimeoutStopSec="))
                .findFirst()
                .orElseThrow();
        assertThat(Duration.parse("PT" + stop.substring(stop.indexOf('=') + 1)))
                .isGreaterThan(defaults.http().drain().plus(AFTER_THE_DRAIN));
        assertThat(unit).contains("\nKillSignal=SIGTERM\n").doesNotContain("SuccessExitStatus");
    }
}
