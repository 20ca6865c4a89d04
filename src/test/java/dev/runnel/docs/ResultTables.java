package dev.runnel.docs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tables of a page with results, by the headings that they follow. */
final class ResultTables {

    private final List<Table> tables;

    private ResultTables(List<Table> tables) {
        this.tables = tables;
    }

    /** The first row has the names of the columns, and the first cell of each other row has its name. */
    private record Table(String heading, List<List<String>> rows) {

        boolean has(String row, String column) {
            return rows.get(0).contains(column)
                    && rows.stream().skip(1).anyMatch(cells -> cells.get(0).equals(row));
        }

        String cell(String row, String column) {
            int index = rows.get(0).indexOf(column);
            return rows.stream()
                    .skip(1)
                    .filter(cells -> cells.get(0).equals(row))
                    .map(cells -> cells.get(index))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** @param page in Markdown */
    static ResultTables of(String page) {
        List<Table> tables = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        String heading = "";
        for (String line : (page + "\n").split("\n", -1)) {
            if (line.startsWith("|")) {
                rows.add(cells(line));
            } else if (!rows.isEmpty()) {
                rows.remove(1);
                tables.add(new Table(heading, List.copyOf(rows)));
                rows.clear();
            }
            if (line.startsWith("## ")) {
                heading = line.substring(3);
            }
        }
        return new ResultTables(tables);
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    /** The value of a cell. Fails if no table under the heading has it. */
    Spread spread(String heading, String row, String column) {
        return tables.stream()
                .filter(table -> table.heading().equals(heading) && table.has(row, column))
                .map(table -> Spread.of(table.cell(row, column)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        heading + ": no table has the row \"" + row + "\" and the column \"" + column + "\""));
    }
}
