package dev.runnel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ConfigReader;
import dev.runnel.docs.ShippedSettings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The configuration page equals the settings. {@code -Drunnel.pages=write} writes it anew. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("src/site/markdown/configuration.md");
    private static final Pattern READ_KEY = Pattern.compile(
            "\\.(?:required|optional|value|values|list|section|sections|requiredSections)\\(\\s*\"(\\w+)\"");

    @Test
    void pageEqualsTheSettings() throws IOException {
        String expected = ConfigurationPage.text();
        if ("write".equals(System.getProperty("runnel.pages"))) {
            Files.writeString(PAGE, expected);
        }

        assertThat(PAGE).hasContent(expected);
    }

    @Test
    void everyVariableOfThePageExists() throws Exception {
        Map<String, String> environment = ShippedSettings.read().stream()
                .filter(setting -> !setting.isInList() && !setting.isList() && !isObject(setting))
                .collect(Collectors.toMap(setting -> ConfigurationPage.variable(setting.path()), setting -> ""));

        var reader = new ConfigReader(Optional.of(Path.of("unused")), environment, model -> List.of());

        assertThat(environment).containsKey("RUNNEL_HTTP_MAX_BODY_BYTES");
        assertThat(reader.read(Optional.empty()).warnings()).isEmpty();
    }

    private static boolean isObject(Setting setting) {
        try {
            return new SettingRules(ShippedSettings.text()).of(setting.path()).isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everySettingHasADescriptionOnce() throws IOException {
        Set<String> described = ShippedSettings.read().stream()
                .filter(setting -> !setting.comment().isEmpty())
                .map(setting -> lastKey(setting.path()))
                .collect(Collectors.toSet());

        assertThat(ShippedSettings.read())
                .filteredOn(setting -> !isObject(setting))
                .allSatisfy(setting -> assertThat(described).contains(lastKey(setting.path())));
    }

    @Test
    void everyKeyThatTheCodeReadsIsInTheShippedFile() throws IOException {
        Set<String> shipped = ShippedSettings.read().stream()
                .map(setting -> lastKey(setting.path()))
                .collect(Collectors.toSet());

        assertThat(keysInCode()).hasSizeGreaterThan(50).isSubsetOf(shipped);
    }

    private static Set<String> keysInCode() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/runnel"))) {
            return files.filter(file -> file.toString().matches(".*/(config|engine|model)/.*\\.java"))
                    .flatMap(ConfigurationPageTest::keysIn)
                    .collect(Collectors.toSet());
        }
    }

    private static Stream<String> keysIn(Path file) {
        try {
            return READ_KEY.matcher(Files.readString(file)).results().map((MatchResult key) -> key.group(1));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
