package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.Runnel;
import dev.runnel.ServiceConfig;
import dev.runnel.cli.source.ServiceSource;
import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceKeyTest {

    private static final String CONFIG = """
        http: { port: 0 }
        management: { port: 0 }
        defaultModel: scripted
        models: [ { name: scripted, engine: scripted } ]
        """;

    @TempDir
    Path data;

    @Test
    void keyOfTheVariableComesFirst() {
        String key = ServiceKey.find(
                URI.create("http://127.0.0.1"), ServiceConfig.of(CONFIG, data), Map.of("RUNNEL_KEY", " eyJ "));

        assertThat(key).isEqualTo("eyJ");
    }

    @Test
    void serviceOfTheDataDirectoryAcceptsAKeyOfItsSecret() throws Exception {
        RunnelConfig config = ServiceConfig.of(CONFIG, data);
        Runnel runnel = Runnel.start(config, EngineListener.SILENT).await();
        try {
            runnel.opened().await();
            URI url = URI.create("http://127.0.0.1:" + runnel.ports().http());
            String key = ServiceKey.find(url, config, Map.of());

            try (ServiceSource source = new ServiceSource(url, key, Optional.empty())) {
                assertThat(source.models()).containsExactly("scripted");
            }
        } finally {
            runnel.close().await();
        }
    }

    @Test
    void otherMachineGetsNoKeyOfTheDataDirectory() {
        assertThatThrownBy(() ->
                        ServiceKey.find(URI.create("http://192.0.2.1:8080"), ServiceConfig.of(CONFIG, data), Map.of()))
                .hasMessage("RUNNEL_KEY: not set (expected: an API key of 192.0.2.1)");
    }

    @Test
    void secretIsNotMadeForAKey() {
        assertThatThrownBy(() ->
                        ServiceKey.find(URI.create("http://[::1]:8080"), ServiceConfig.of(CONFIG, data), Map.of()))
                .hasMessageContaining("has no secret");
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void keyWithASpaceIsRefusedWithoutItsText() {
        assertThatThrownBy(() -> ServiceKey.find(
                        URI.create("http://127.0.0.1"),
                        ServiceConfig.of(CONFIG, data),
                        Map.of("RUNNEL_KEY", "secret\nX: y")))
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "http:///x", "127.0.0.1:8080", "http://a:b@x", "http://x/?key=1", "http://a b"})
    void otherUrlsAreWrongUsage(String url) {
        assertThatThrownBy(() -> ServiceKey.checkedUrl(url)).isInstanceOf(UsageFailure.class);
    }
}
