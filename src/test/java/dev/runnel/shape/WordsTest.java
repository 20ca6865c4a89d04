package dev.runnel.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The prose is plain technical English. */
class WordsTest {

    private static final Path MAIN = Path.of("src/main/java");

    @Test
    void commentsAndMessagesAvoidBannedWords() {
        assertNone(SourceFile.under(MAIN, ".java"), Prose::wordsOfJava);
    }

    /** Not their strings: prompts and texts of models may have any words. */
    @ParameterizedTest
    @ValueSource(strings = {"src/test/java", "src/bench/java", "src/examples"})
    void commentsOfTestsBenchmarksAndExamplesAvoidBannedWords(String root) {
        List<SourceFile> files = SourceFile.under(Path.of(root), ".java").stream()
                // Its comments are about these words.
                .filter(file -> !file.path().getParent().endsWith("shape"))
                .toList();

        assertNone(files, Prose::wordsOfComments);
    }

    @Test
    void sentencesOfJavadocAreShort() {
        assertNone(SourceFile.under(MAIN, ".java"), Prose::longSentences);
    }

    @Test
    void commentsOfShippedConfigurationAvoidBannedWords() {
        assertNone(SourceFile.under(Path.of("conf"), ".yaml"), Prose::wordsOfYaml);
    }

    @Test
    void stringsOfShippedFilesAvoidBannedWords() {
        assertNone(SourceFile.under(Path.of("conf"), ".json"), Prose::wordsOfStrings);
        assertNone(SourceFile.under(Path.of("conf"), ".yaml"), Prose::wordsOfStrings);
    }

    @Test
    void pagesAvoidBannedWords() {
        List<SourceFile> pages = Stream.concat(
                        Stream.of(SourceFile.read(Path.of("README.md"))),
                        SourceFile.under(Path.of("src/site"), ".md").stream())
                .toList();

        assertNone(pages, Prose::wordsOfMarkdown);
    }

    private static void assertNone(List<SourceFile> files, Function<SourceFile, List<Violation>> rule) {
        assertThat(files).isNotEmpty();
        assertThat(files.stream().flatMap(file -> rule.apply(file).stream())).isEmpty();
    }
}
