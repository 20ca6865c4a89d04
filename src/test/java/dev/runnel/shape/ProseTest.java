package dev.runnel.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of {@link WordsTest} themselves. */
class ProseTest {

    private static final String TWENTY_FIVE = "one ".repeat(24) + "end";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The client is told.",
                "It tells why.",
                "Tell it why.",
                "Whoever operates it",
                "to whomever it is sent",
                "Nobody reads it.",
                "Anybody may read it.",
                "Somebody has read it.",
                "It is none.",
                "The end comes behind the text.",
                "what stands behind it",
                "one behind the other"
            })
    void bannedWordIsFoundWhereverProseStands(String prose) {
        assertThat(Prose.wordsOfJava(file("/** " + prose + " */ class A {}"))).hasSize(1);
        assertThat(Prose.wordsOfJava(file("class A {} // " + prose))).hasSize(1);
        assertThat(Prose.wordsOfJava(file("class A { String s = \"" + prose + "\"; }")))
                .hasSize(1);
        assertThat(Prose.wordsOfYaml(file("# " + prose + "\na: b\n"))).hasSize(1);
        assertThat(Prose.wordsOfYaml(file("a: b # " + prose + "\n"))).hasSize(1);
        assertThat(Prose.wordsOfStrings(file("{\n\"a\": \"" + prose + "\"}"))).hasSize(1);
        assertThat(Prose.wordsOfMarkdown(file("# A\n\n" + prose + "\n"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The client is notified.",
                "There is a proxy behind the server.",
                "Runnel runs behind a proxy.",
                "Runnel runs behind a reverse proxy.",
                "behind the load balancer",
                "an OpenAI-compatible server behind it",
                "It foretells a storyteller.",
                "It is nonempty.",
                "Tell me a story."
            })
    void goodProsePasses(String prose) {
        assertThat(Prose.wordsOfJava(file("/** " + prose + " */ class A { String s = \"" + prose + "\"; }")))
                .isEmpty();
        assertThat(Prose.wordsOfYaml(file("# " + prose + "\n"))).isEmpty();
        assertThat(Prose.wordsOfMarkdown(file(prose + "\n"))).isEmpty();
    }

    @Test
    void codeIsNotProse() {
        assertThat(Prose.wordsOfJava(file("/** Calls {@code tell()} and {@link #told}. */ class A { void tell() {} }")))
                .isEmpty();
        assertThat(Prose.wordsOfJava(file("/** <pre>told</pre> <code>told</code> */ class A {}")))
                .isEmpty();
        assertThat(Prose.wordsOfYaml(file("told: nobody\n"))).isEmpty();
        assertThat(Prose.wordsOfStrings(file("told: nobody\n"))).isEmpty();
        assertThat(Prose.wordsOfMarkdown(file("A `told` one.\n\n    told\n\n```\ntold\n```\n")))
                .isEmpty();
    }

    @Test
    void wordsOverTwoLinesAreFoundWithTheirLine() {
        List<Violation> found = Prose.wordsOfJava(file("package a;\n\n/**\n * A body is\n * none.\n */\nclass A {}"));

        assertThat(found).hasSize(1);
        assertThat(found.get(0).line()).isEqualTo(4);
        assertThat(Prose.wordsOfJava(file("// it is\n// told\n")))
                .extracting(Violation::line)
                .containsExactly(2);
        assertThat(Prose.wordsOfJava(file("String s = \"a\\ntold\";"))).hasSize(1);
        assertThat(Prose.wordsOfMarkdown(file("a\nis\nnone\n")))
                .extracting(Violation::line)
                .containsExactly(2);
    }

    @Test
    void longSentenceIsFoundWithItsLine() {
        assertThat(Prose.longSentences(javadoc(TWENTY_FIVE + "."))).isEmpty();
        assertThat(Prose.longSentences(file("/**\n * Short.\n * One " + TWENTY_FIVE + ". Short.\n */")))
                .extracting(Violation::line)
                .containsExactly(3);
        assertThat(Prose.longSentences(javadoc("one, e.g. " + TWENTY_FIVE))).hasSize(1);
    }

    @Test
    void fullStopsAndBlocksEndASentence() {
        for (String end : List.of(". ", "? ", ".) ", "\n * <p>", " <li>", "\n * @return ", "\n * @param name ")) {
            assertThat(Prose.longSentences(javadoc(TWENTY_FIVE + end + TWENTY_FIVE)))
                    .as(end)
                    .isEmpty();
        }
        assertThat(Prose.longSentences(javadoc(TWENTY_FIVE + "\n * " + TWENTY_FIVE)))
                .hasSize(1);
    }

    @Test
    void inlineTagIsOneWordAndPreformattedTextIsNone() {
        assertThat(Prose.longSentences(javadoc("one ".repeat(24) + "{@code a b c d}.")))
                .isEmpty();
        assertThat(Prose.longSentences(javadoc("one ".repeat(24) + "{@link A#b(int, int) the text}.")))
                .isEmpty();
        assertThat(Prose.longSentences(javadoc("one ".repeat(25) + "{@code a}.")))
                .hasSize(1);
        assertThat(Prose.longSentences(javadoc("<pre>" + "one ".repeat(30) + "</pre>")))
                .isEmpty();
    }

    @Test
    void onlyJavadocIsReadForSentences() {
        assertThat(Prose.longSentences(file("// " + "one ".repeat(30) + "\nString s = \"" + "one ".repeat(30) + "\";")))
                .isEmpty();
    }

    private static SourceFile javadoc(String prose) {
        return file("/**\n * " + prose + "\n */");
    }

    private static SourceFile file(String text) {
        return new SourceFile(Path.of("src/main/java/dev/runnel/x/A.java"), text);
    }
}
