package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ConfigReader;
import dev.runnel.config.ModelConfig;
import dev.runnel.config.ModelConfig.Template;
import dev.runnel.engine.EngineProvider;
import dev.runnel.text.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAiSettingsTest {

    private static final Map<String, Object> UPSTREAM = Map.of("url", "http://127.0.0.1:9000/v1", "model", "mock");

    @Test
    void providerIsFoundByItsName() {
        assertThat(ServiceLoader.load(EngineProvider.class))
                .anyMatch(provider ->
                        provider instanceof OpenAiProvider && provider.name().equals("openai"));
    }

    @Test
    void whatIsLeftOutHasADefault() {
        OpenAiSettings settings = OpenAiSettings.read(model(Map.of("upstreams", List.of(UPSTREAM))), List.of());

        assertThat(settings.api()).isEqualTo(Api.CHAT);
        assertThat(settings.maxTokensField().wireName()).isEqualTo("max_tokens");
        assertThat(settings.includeUsage()).isTrue();
        assertThat(settings.topK()).isFalse();
        assertThat(settings.maxEventBytes()).isEqualTo(4 << 20);
        assertThat(settings.deadlines().connect()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.deadlines().firstByte()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.deadlines().idle()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.upstreams()).singleElement().satisfies(upstream -> {
            assertThat(upstream.weight()).isEqualTo(1);
            assertThat(upstream.concurrent()).isEqualTo(1024);
            assertThat(upstream.http2()).isFalse();
            assertThat(upstream.key()).isEqualTo(new CredentialSource.None());
        });
    }

    /** The example that stands commented out in it says so. */
    @Test
    void shippedFileShowsEveryDefault(@TempDir Path folder) throws Exception {
        String shipped = Files.readString(Path.of("conf/runnel.yaml"));
        Path file = Files.writeString(folder.resolve("shown.yaml"), shipped.replaceAll("(?m)^#  ", "  "));
        ModelConfig shown = new ConfigReader(Optional.of(folder), Map.of(), model -> List.of())
                .read(Optional.of(file)).config().models().stream()
                        .filter(model -> model.engine().equals("openai"))
                        .findFirst()
                        .orElseThrow();
        List<String> complaints = new ArrayList<>();

        OpenAiSettings settings = OpenAiSettings.read(shown, complaints);

        assertThat(complaints).isEmpty();
        assertThat(settings).isEqualTo(OpenAiSettings.read(model(Map.of("upstreams", List.of(UPSTREAM))), complaints));
    }

    @Test
    void promptWithoutATemplateIsACompletion() {
        var model = new ModelConfig(
                "m", "openai", Template.NONE, null, Sampling.UNSET, Map.of("upstreams", List.of(UPSTREAM)));

        assertThat(OpenAiSettings.read(model, List.of()).api()).isEqualTo(Api.COMPLETIONS);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9000/v1, 127.0.0.1, 9000, /v1/chat/completions",
        "http://127.0.0.1:9000/v1/, 127.0.0.1, 9000, /v1/chat/completions",
        "https://api.example, api.example, 443, /chat/completions",
        "HTTP://api.example/a%20b/?x=1, api.example, 80, /a%20b/chat/completions?x=1",
        "http://[::1]:8000/v1, ::1, 8000, /v1/chat/completions",
    })
    void urlIsTheRootOfTheApi(String url, String address, int port, String uri) {
        UpstreamSettings upstream = OpenAiSettings.read(
                        model(Map.of("upstreams", List.of(Map.of("url", url, "model", "m")))), List.of())
                .upstreams()
                .get(0);

        assertThat(upstream.address()).isEqualTo(address);
        assertThat(upstream.port()).isEqualTo(port);
        assertThat(upstream.uri(Api.CHAT.path())).isEqualTo(uri);
    }

    static List<Arguments> mistakes() {
        return List.of(
                Arguments.of(Map.of(), "upstreams: 0 of them (expected: 1 … 64)"),
                Arguments.of(Map.of("upstreams", List.of()), "upstreams: 0 of them (expected: 1 … 64)"),
                Arguments.of(upstream("url", null), "upstreams[0].url: missing"),
                Arguments.of(upstream("model", null), "upstreams[0].model: missing"),
                Arguments.of(
                        upstream("url", "ftp://x"), "upstreams[0].url: 7 characters (expected: an http or https URL"),
                Arguments.of(upstream("url", "http://me:secret@x"), "upstreams[0].url: 18 characters"),
                Arguments.of(upstream("url", "http://x:99999"), "upstreams[0].url: 14 characters"),
                Arguments.of(upstream("weight", "0"), "upstreams[0].weight: 0 (expected: 1 … 1000)"),
                Arguments.of(upstream("concurrent", "0"), "upstreams[0].concurrent: 0 (expected: 1 … 65536)"),
                Arguments.of(upstream("key", "sk-secret"), "upstreams[0].key: unknown key"),
                Arguments.of(upstream("keyEnv", "no name"), "upstreams[0].keyEnv: no name (expected: the name of"),
                Arguments.of(upstream("trustFile", "/a.pem"), "upstreams[0].trustFile: set (expected: absent where"),
                Arguments.of(with("api", "responses"), "api: responses (expected: chat or completions)"),
                Arguments.of(with("maxTokensField", "n"), "maxTokensField: n (expected: max_tokens or"),
                Arguments.of(with("topk", "true"), "topk: unknown key (did you mean topK?)"),
                Arguments.of(
                        with("passThrough", List.of("user", "temperature")),
                        "passThrough[1]: temperature (expected: a member that Runnel does not read or write itself)"),
                Arguments.of(with("passThrough", List.of("model")), "passThrough[0]: model (expected: a member that"),
                Arguments.of(with("passThrough", List.of("n")), "passThrough[0]: n (expected: a member that"),
                Arguments.of(
                        with("passThrough", List.of("")),
                        "passThrough[0]: \"\" (expected: the name of a member, 1 … 64 characters)"),
                Arguments.of(with("passThrough", "user"), "passThrough: a single value (expected: a list)"),
                Arguments.of(
                        with("continuation", "always"),
                        "continuation: always (expected: none or continue_final_message or prefix or last_message)"),
                Arguments.of(with("rawPath", "completions"), "rawPath: completions (expected: a path after"),
                Arguments.of(with("rawPath", "/a?b"), "rawPath: /a?b (expected: a path after"),
                Arguments.of(with("deadlines", Map.of("idle", "0")), "deadlines.idle: 0 (expected: 1ms … 24h"),
                Arguments.of(
                        with("deadlines", Map.of("idel", "1s")), "deadlines.idel: unknown key (did you mean idle?)"),
                Arguments.of(
                        with("setAside", Map.of("first", "1m")), "setAside.longest: 10000ms (expected: >= first)"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakeIsReportedInOneLine(Map<String, Object> settings, String line) {
        assertThat(new OpenAiProvider().complaints(model(settings)))
                .singleElement()
                .asString()
                .startsWith(line)
                .doesNotContain("secret");
    }

    @Test
    void keyFromTwoPlacesIsAMistake() {
        Map<String, Object> upstream = new HashMap<>(UPSTREAM);
        upstream.put("keyEnv", "A");
        upstream.put("keyFile", "/b");

        assertThat(new OpenAiProvider().complaints(model(Map.of("upstreams", List.of(upstream)))))
                .containsExactly("upstreams[0].keyFile: set (expected: absent where keyEnv is set)");
    }

    @Test
    void whatDoesNotFitTheRestOfTheEntryIsAMistake() {
        var sampling = new Sampling(null, null, 5, null, null, null, List.of());
        var model = new ModelConfig(
                "m", "openai", Template.NONE, "Be brief.", sampling, Map.of("upstreams", List.of(UPSTREAM)));

        assertThat(new OpenAiProvider().complaints(model))
                .containsExactly(
                        "system: a text (expected: absent where the api is completions)",
                        "sampling.topK: 5 (expected: absent, or topK: true)");
    }

    @Test
    void pathForRawTextsIsThatOfCompletionsWhereTheyAreTheOnlyRoute() {
        Map<String, Object> settings = Map.of("upstreams", List.of(UPSTREAM), "api", "completions", "rawPath", "/raw");

        assertThat(new OpenAiProvider().complaints(model(settings)))
                .containsExactly("rawPath: /raw (expected: absent where the api is completions)");
    }

    @Test
    void formOfTheContinuationIsOfConversationsOnly() {
        Map<String, Object> settings =
                Map.of("upstreams", List.of(UPSTREAM), "api", "completions", "continuation", "last_message");

        assertThat(new OpenAiProvider().complaints(model(settings)))
                .containsExactly("continuation: last_message (expected: absent where the api is completions, which"
                        + " always goes on)");
    }

    private static Map<String, Object> upstream(String key, @Nullable String value) {
        Map<String, Object> upstream = new HashMap<>(UPSTREAM);
        if (value == null) {
            upstream.remove(key);
        } else {
            upstream.put(key, value);
        }
        return Map.of("upstreams", List.of(upstream));
    }

    private static Map<String, Object> with(String key, Object value) {
        return Map.of("upstreams", List.of(UPSTREAM), key, value);
    }

    private static ModelConfig model(Map<String, Object> settings) {
        return new ModelConfig("m", "openai", Template.CHAT, null, Sampling.UNSET, settings);
    }
}
