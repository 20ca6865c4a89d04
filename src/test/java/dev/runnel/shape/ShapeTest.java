package dev.runnel.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes that keep a file readable. */
class ShapeTest {

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java", "src/test/java", "src/bench/java"})
    void filesMethodsAndLinesAreShort(String root) {
        List<SourceFile> files = SourceFile.under(Path.of(root), ".java");

        assertThat(files).as("files under " + root).isNotEmpty();
        assertThat(Shape.violations(files)).isEmpty();
    }
}
