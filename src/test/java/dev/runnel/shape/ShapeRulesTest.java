package dev.runnel.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.shape.JavaText.Kind;
import dev.runnel.shape.Violation.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The measures of {@link ShapeTest} themselves. */
class ShapeRulesTest {

    private static final Path PATH = Path.of("src/main/java/dev/runnel/x/A.java");

    @Test
    void sourceIsSplitIntoCodeCommentsAndLiterals() {
        String source = "/** Doc. */ class A { // \"no\"\n char c = '\"'; String s = \"/* \\\" no */\"; /* c */ }";

        List<JavaText.Piece> pieces = JavaText.pieces(source);

        assertThat(pieces.stream().map(JavaText.Piece::text).collect(Collectors.joining()))
                .isEqualTo(source);
        assertThat(text(pieces, Kind.JAVADOC)).containsExactly("/** Doc. */");
        assertThat(text(pieces, Kind.COMMENT)).containsExactly("// \"no\"", "/* c */");
        assertThat(text(pieces, Kind.STRING)).containsExactly("\"/* \\\" no */\"");
    }

    @Test
    void textBlockIsOneLiteral() {
        List<JavaText.Piece> pieces =
                JavaText.pieces("String s = \"\"\"\n  a \"b\" // no\n  \\\"\"\" c\n  \"\"\"; // yes");

        assertThat(text(pieces, Kind.STRING)).hasSize(1);
        assertThat(text(pieces, Kind.COMMENT)).containsExactly("// yes");
    }

    @Test
    void codeLinesAreWithoutBlanksCommentsAndImports() {
        var file = file("package a;\n\nimport java.util.List;\n/**\n * Doc.\n */\nclass A { // more\n\n // none\n}\n");

        assertThat(Shape.codeLines(file)).isEqualTo(3);
    }

    @Test
    void longFileIsFound() {
        assertThat(rules(file("class A {\n" + "int a;\n".repeat(298) + "}\n"))).isEmpty();
        assertThat(rules(file("class A {\n" + "int a;\n".repeat(299) + "}\n"))).containsExactly(Rule.FILE);
    }

    @Test
    void wideLineIsFound() {
        assertThat(rules(file("// " + "x".repeat(117) + "\nclass A {}\n"))).isEmpty();
        assertThat(rules(file("// " + "x".repeat(118) + "\nclass A {}\n"))).containsExactly(Rule.COLUMNS);
        assertThat(rules(file("import a." + "x".repeat(118) + ";\nclass A {}\n")))
                .isEmpty();
    }

    @Test
    void lineInsideOfATextBlockMayBeWide() {
        String value = "x".repeat(130);

        assertThat(rules(file("class A {\nString s = \"\"\"\n" + value + "\n\"\"\";\n}\n")))
                .isEmpty();
        assertThat(rules(file("class A {\nString s = \"" + value + "\";\n}\n"))).containsExactly(Rule.COLUMNS);
    }

    @Test
    void longMethodIsFoundWhereverItStands() {
        String body = "{\n" + "int a;\n".repeat(38) + "}\n";
        String longer = "{\n" + "int a;\n".repeat(39) + "}\n";

        assertThat(rules(file("class A {\nvoid a() " + body + "}\n"))).isEmpty();
        assertThat(rules(file("class A {\n@X({\n1,\n2})\nvoid a() " + body + "}\n")))
                .isEmpty();
        assertThat(rules(file("class A {\nvoid a() " + longer + "}\n"))).containsExactly(Rule.METHOD);
        assertThat(rules(file("class A {\nA() " + longer + "}\n"))).containsExactly(Rule.METHOD);
        assertThat(rules(file("class A {\nObject o = new Object() { void a() " + longer + "};\n}\n")))
                .containsExactly(Rule.METHOD);
    }

    @Test
    void manyParametersAreFoundButInARecord() {
        String eight = parameters(8);
        String nine = parameters(9);

        assertThat(rules(file("class A { void a(" + eight + ") {} }"))).isEmpty();
        assertThat(rules(file("class A { void a(" + nine + ") {} }"))).containsExactly(Rule.PARAMETERS);
        assertThat(rules(file("record A(" + nine + ") { A {} }"))).isEmpty();
    }

    private static String parameters(int count) {
        return IntStream.range(0, count).mapToObj(i -> "int a" + i).collect(Collectors.joining(", "));
    }

    private static SourceFile file(String text) {
        return new SourceFile(PATH, text);
    }

    private static List<Rule> rules(SourceFile file) {
        return Shape.violations(List.of(file)).stream().map(Violation::rule).toList();
    }

    private static List<String> text(List<JavaText.Piece> pieces, Kind kind) {
        return pieces.stream()
                .filter(piece -> piece.kind() == kind)
                .map(JavaText.Piece::text)
                .toList();
    }
}
