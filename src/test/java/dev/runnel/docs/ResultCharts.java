package dev.runnel.docs;

import dev.runnel.docs.Chart.Bar;
import dev.runnel.docs.Chart.Group;
import dev.runnel.docs.Chart.Scale;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The charts of the page with the results, made from its tables. */
final class ResultCharts {

    private static final String MODEL = "The default model over HTTP";
    private static final String RELAY = "Relaying an upstream server";
    private static final String SLOW = "Slow clients";
    private static final List<String> SERVERS = List.of("nginx", "Runnel");

    private final ResultTables tables;

    private ResultCharts(ResultTables tables) {
        this.tables = tables;
    }

    /** The charts by the names of their files. */
    static Map<String, Chart> of(ResultTables tables) {
        var charts = new ResultCharts(tables);
        Map<String, Chart> byName = new LinkedHashMap<>();
        byName.put("default-model.svg", charts.defaultModel());
        byName.put("relay-cpu.svg", charts.relayCpu());
        byName.put("relay-latency.svg", charts.relayLatency());
        byName.put("slow-clients.svg", charts.slowClients());
        return byName;
    }

    private Chart defaultModel() {
        return new Chart(
                "The default model: tokens per second",
                "tokens per second of all streams together",
                Scale.LINEAR,
                Stream.of("1", "8", "16")
                        .map(streams -> new Group(
                                streams + (streams.equals("1") ? " stream" : " streams"),
                                List.of(
                                        bar(MODEL, streams, "engine alone, tokens/s", "engine alone"),
                                        bar(MODEL, streams, "over HTTP, tokens/s", "over HTTP"))))
                        .toList());
    }

    private Chart relayCpu() {
        return new Chart(
                "Relaying: processor time of one event",
                "CPU time per relayed event, microseconds",
                Scale.LINEAR,
                List.of(servers("", "CPU per event, warm, µs")));
    }

    private Chart relayLatency() {
        return new Chart(
                "Relaying: how late events and first tokens are",
                "milliseconds",
                Scale.LINEAR,
                Stream.of(
                                "age of events p50, warm, ms",
                                "age of events p99, warm, ms",
                                "age of events p99, first load after ready, ms",
                                "time to first token p50, 20 streams, ms",
                                "time to first token p99, 20 streams, ms")
                        .map(row -> servers(row.replace(", ms", ""), row))
                        .toList());
    }

    private Group servers(String title, String row) {
        return new Group(
                title,
                SERVERS.stream().map(server -> bar(RELAY, row, server, server)).toList());
    }

    private Chart slowClients() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("age of events p50, ms", "age of events p50");
        columns.put("p99", "age of events p99");
        columns.put("p99.9", "age of events p99.9");
        columns.put("first token p99, ms", "time to first token p99");
        return new Chart(
                "1,000 readers, alone and beside slow clients",
                "milliseconds, on a logarithmic axis",
                Scale.LOGARITHMIC,
                columns.entrySet().stream()
                        .map(column -> new Group(
                                column.getValue(),
                                Stream.of("alone", "beside slow clients")
                                        .map(row -> bar(SLOW, row, column.getKey(), row))
                                        .toList()))
                        .toList());
    }

    private Bar bar(String heading, String row, String column, String label) {
        boolean isOurs = !List.of("nginx", "engine alone", "alone").contains(label);
        return new Bar(label, tables.spread(heading, row, column), isOurs);
    }
}
