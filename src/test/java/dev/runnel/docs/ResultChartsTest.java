package dev.runnel.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.runnel.docs.Chart.Bar;
import dev.runnel.docs.Chart.Group;
import dev.runnel.docs.Chart.Scale;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The charts show what the tables of their page say. {@code -Drunnel.pages=write} writes the charts. */
class ResultChartsTest {

    private static final Path PAGE = Path.of("src/site/markdown/performance/results.md");
    private static final Path FOLDER = Path.of("src/site/markdown/images");

    private static Map<String, Chart> charts() throws IOException {
        return ResultCharts.of(ResultTables.of(Files.readString(PAGE)));
    }

    @Test
    void chartsEqualTheTablesOfThePage() throws IOException {
        for (Map.Entry<String, Chart> chart : charts().entrySet()) {
            Path file = FOLDER.resolve(chart.getKey());
            String svg = ChartSvg.of(chart.getValue());
            if ("write".equals(System.getProperty("runnel.pages"))) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, svg);
            }

            assertThat(file)
                    .as("%s (to write it anew: mvn test -Dtest=ResultChartsTest -Drunnel.pages=write)", file)
                    .hasContent(svg);
        }
    }

    @Test
    void pageShowsEachChartWithItsTitle() throws IOException {
        String page = Files.readString(PAGE);

        charts().forEach((name, chart) -> assertThat(page)
                .contains("![" + chart.title() + ". The table has the values.](../images/" + name + ")"));
    }

    @Test
    void barsReachFromZeroToTheMedianAndTheSpreadIsMarked() throws Exception {
        Chart chart = new Chart(
                "A title",
                "milliseconds",
                Scale.LINEAR,
                List.of(new Group("both < one", List.of(bar("a", "20 (10 … 40)"), bar("b", "40 (40 … 40)")))));

        Document svg = parsed(ChartSvg.of(chart));

        assertThat(number(element(svg, "rect", 2), "width"))
                .isEqualTo(2 * number(element(svg, "rect", 1), "width"), within(0.2));
        assertThat(element(svg, "path", 0).getAttribute("d")).startsWith("M272.5 87H580.0");
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("A title");
        assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                .contains("both < one: a 20 (10 … 40); b 40 (40 … 40).");
    }

    @Test
    void pointsOfALogarithmicAxisAreAsFarApartAsTheirRatios() throws Exception {
        Chart chart = new Chart(
                "A title",
                "milliseconds",
                Scale.LOGARITHMIC,
                List.of(new Group(
                        "", List.of(bar("a", "0.1 (0.1 … 1)"), bar("b", "1 (0.1 … 1)"), bar("c", "10 (1 … 100)")))));

        Document svg = parsed(ChartSvg.of(chart));

        double first = number(element(svg, "circle", 0), "cx");
        double second = number(element(svg, "circle", 1), "cx");
        assertThat(number(element(svg, "circle", 2), "cx") - second).isEqualTo(second - first, within(0.2));
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("0.1", "100")
                .doesNotContain("1000");
    }

    @Test
    void valueThatIsNotInATableIsRefused() {
        ResultTables tables =
                ResultTables.of("## Speed\n\n| figure | here |\n|---|---|\n| age | 2 (1 … 3) |\n| size | 7 |\n");

        assertThat(tables.spread("Speed", "age", "here")).isEqualTo(new Spread(2, 1, 3, "2 (1 … 3)"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tables.spread("Speed", "age", "there"))
                .withMessageContaining("there");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tables.spread("Other", "age", "here"))
                .withMessageContaining("Other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tables.spread("Speed", "size", "here"))
                .withMessageContaining("7");
    }

    private static Bar bar(String label, String spread) {
        return new Bar(label, Spread.of(spread), true);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static Element element(Document svg, String name, int index) {
        return (Element) svg.getElementsByTagName(name).item(index);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
