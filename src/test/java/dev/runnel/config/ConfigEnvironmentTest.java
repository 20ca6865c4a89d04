package dev.runnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigEnvironmentTest {

    private static final String LONG_SECRET = "0123456789abcdef0123456789abcdef";

    private final Path folder;
    private final ConfigFolder files;

    ConfigEnvironmentTest(@TempDir Path folder) {
        this.folder = folder;
        this.files = new ConfigFolder(folder);
    }

    @Test
    void environmentComesLast() throws Exception {
        files.set("RUNNEL_HTTP_PORT", "0");
        files.set("RUNNEL_HTTP_MAX_BODY_BYTES", "4096");
        files.set("RUNNEL_BUS_PUBLISH_DELTAS", "false");
        files.set("RUNNEL_GENERATION_QUEUE_WAIT", "5s");
        files.set("RUNNEL_AUTH_SECRET", LONG_SECRET);
        files.set("RUNNEL_HTTP_HOST", "");
        files.set("PATH", "/bin");

        ConfigReader.Loaded loaded = files.read(files.write("http: { port: 1 }"));

        RunnelConfig config = loaded.config();
        assertThat(config.http().port()).isZero();
        assertThat(config.http().maxBodyBytes()).isEqualTo(4096);
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.bus().publishDeltas()).isFalse();
        assertThat(config.generation().queueWait()).hasSeconds(5);
        assertThat(config.auth().secret()).contains(new Secret(LONG_SECRET.getBytes(StandardCharsets.UTF_8)));
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void environmentNamesTheDefaultModel() throws Exception {
        files.set("RUNNEL_DEFAULT_MODEL", "b");

        RunnelConfig config = files.read(files.write("models: [ { name: a, engine: x }, { name: b, engine: x } ]"))
                .config();

        assertThat(config.defaultModel()).isEqualTo("b");
    }

    @Test
    void complaintAboutAVariableNamesIt() {
        files.set("RUNNEL_HTTP_PORT", "70000");

        assertThat(files.complaints("")).containsExactly("RUNNEL_HTTP_PORT: 70000 (expected: 0 … 65535)");
    }

    @Test
    void unknownVariableIsAWarningWithoutItsValue() throws Exception {
        files.set("RUNNEL_HTTP_PROT", "hunter2");
        files.set("RUNNEL_SERVICE_HOST", "10.0.0.1");

        List<String> warnings = files.read().warnings();

        assertThat(warnings)
                .containsExactly(
                        "RUNNEL_HTTP_PROT: unknown variable, ignored (did you mean RUNNEL_HTTP_PORT?)",
                        "RUNNEL_SERVICE_HOST: unknown variable, ignored");
    }

    @Test
    void variableThatKubernetesSetsIsIgnoredWithALineThatSaysWhy() throws Exception {
        files.set("RUNNEL_HTTP_PORT", "tcp://10.0.0.1:80");

        ConfigReader.Loaded loaded = files.read();

        assertThat(loaded.config().http().port()).isEqualTo(8080);
        assertThat(loaded.warnings())
                .singleElement()
                .asString()
                .startsWith("RUNNEL_HTTP_PORT: ignored")
                .contains("Kubernetes");
    }

    @Test
    void environmentNamesFileAndDataDirectory() throws Exception {
        Path file = files.write("http: { port: 7 }");
        files.set("RUNNEL_CONFIG", file.toString());
        files.set("RUNNEL_DATA", folder.resolve("elsewhere").toString());

        ConfigReader.Loaded loaded = files.read();

        assertThat(loaded.config().file()).contains(file);
        assertThat(loaded.config().http().port()).isEqualTo(7);
        assertThat(loaded.config().dataDirectory()).isEqualTo(folder.resolve("elsewhere"));
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void commandLineComesBeforeTheEnvironmentsFile() throws Exception {
        files.set("RUNNEL_CONFIG", folder.resolve("missing.yaml").toString());

        assertThat(files.read(files.write("http: { port: 7 }")).config().http().port())
                .isEqualTo(7);
    }
}
