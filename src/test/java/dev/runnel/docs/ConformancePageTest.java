package dev.runnel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.group.AllCases;
import dev.runnel.conformance.session.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about the conformance suite counts its cases. */
class ConformancePageTest {

    private static final Path PAGE = Path.of("src/site/markdown/conformance.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\| (\\d+) \\|");

    @Test
    void pageCountsTheCasesOfEachGroup() throws IOException {
        Map<String, Long> onPage = new TreeMap<>(ROW.matcher(Files.readString(PAGE))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> Long.valueOf(row.group(2)))));
        Map<String, Long> inSuite = new TreeMap<>(
                AllCases.list().stream().collect(Collectors.groupingBy(Case::group, Collectors.counting())));

        assertThat(onPage).isEqualTo(inSuite);
        assertThat(Files.readString(PAGE))
                .contains("Together " + AllCases.list().size() + " cases");
    }
}
