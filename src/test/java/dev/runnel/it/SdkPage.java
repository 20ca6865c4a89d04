package dev.runnel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the page of clients says of each library.
 *
 * @param cells what came out, by the rows of the table, then by its columns
 * @param snippets the first code of each section, by its heading
 */
record SdkPage(Map<String, Map<String, String>> cells, Map<String, String> snippets) {

    static final String VERSION = "version";

    private static final Path PAGE = Path.of("src/site/markdown/clients.md");
    private static final Pattern BORDER = Pattern.compile(" *\\| *");
    private static final Pattern SECTION = Pattern.compile("(?s)\n### ([^\n]+)\n(?:(?!\n#).)*?\n```\\w+\n(.*?\n)```");

    static SdkPage read() throws IOException {
        String page = Files.readString(PAGE);
        return new SdkPage(
                cells(page),
                SECTION.matcher(page)
                        .results()
                        .collect(Collectors.toMap(section -> section.group(1), (MatchResult s) -> s.group(2))));
    }

    /** A row starts with the name of a point in backticks. */
    private static Map<String, Map<String, String>> cells(String page) {
        List<List<String>> rows = page.lines()
                .dropWhile(line -> !line.startsWith("| point |"))
                .takeWhile(line -> line.startsWith("|"))
                .map(SdkPage::row)
                .toList();
        List<String> columns = rows.get(0);
        Map<String, Map<String, String>> cells = new LinkedHashMap<>();
        for (List<String> row : rows.subList(2, rows.size())) {
            Map<String, String> byColumn = new LinkedHashMap<>();
            for (int column = 1; column < columns.size(); column++) {
                byColumn.put(columns.get(column), row.get(column));
            }
            cells.put(row.get(0).replaceFirst("^`([^`]+)`.*", "$1"), byColumn);
        }
        return cells;
    }

    private static List<String> row(String line) {
        return Stream.of(BORDER.split(line.substring(1))).map(String::strip).toList();
    }

    List<String> points() {
        return cells.keySet().stream().filter(row -> !row.equals(VERSION)).toList();
    }

    String cell(String row, SdkProgram program) {
        return cells.get(row).get(program.library());
    }
}
