package dev.runnel.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes the page of the metrics from a scrape of a service, so that the descriptions in the code are the only source.
 */
final class MetricsPage {

    private static final String HEAD = """
            # Metrics

            <!-- Made by MetricsPageTest from the descriptions in the code. Do not edit. -->

            The management port serves these metrics at `/metrics`, in the text format of Prometheus. Names and buckets
            follow OpenTelemetry's conventions for generative AI; a metric that they do not name starts with `runnel_`.

            - A series whose labels are known in advance exists from the start, with 0. Only the durations of failures
              appear at the first failure.
            - No label has text from a client in it.
            - Each histogram has `_bucket`, `_count` and `_sum` series, and a gauge `_max` with the largest recent value.
            - Metrics of Vert.x (`vertx_http_*`, `vertx_pool_*`) and of the JVM (`jvm_*`, `process_*`) are exported too.
            - One scrape runs at a time. A request during a scrape gets the same text.
            - A node of a cluster has [some more](cluster.md#metrics).

            `conf/prometheus` has a scrape job and alerts, and `conf/grafana/runnel.json` a dashboard; see
            [health and monitoring](health.md).

            """;

    private static final String METRICS = """
            ## All metrics

            | metric | type | labels | unit | description |
            |---|---|---|---|---|
            """;

    private static final String LABELS = """

            ## Values of labels

            Labels with names from the configuration, ids of keys and versions are left out. `error_type` is empty, or one
            of the values of `reason` that can end an accepted generation.

            | metric | label | values |
            |---|---|---|
            """;

    private static final String MEANINGS = """

            ## What the values mean

            The values of `runnel_refusals_total` are the types and codes of [errors](../api.md).
            """;

    private static final Pattern OURS = Pattern.compile("(?:runnel|gen_ai)_\\w+");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+?)(?:_bucket|_count|_sum)?(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** Labels whose values depend on the configuration, the version or the time. */
    private static final Set<String> OPEN = Set.of("model", "upstream", "key", "version", "java_version", "error_type");

    private final Map<String, Metric> metrics = new TreeMap<>();

    /** One metric. Its labels have the values of the scrape. */
    private static final class Metric {

        private String type = "";
        private String description = "";
        private final Map<String, Set<String>> labels = new TreeMap<>();
    }

    private MetricsPage() {}

    /** @param scrape what a started service serves at {@code /metrics} */
    static String of(String scrape) {
        var page = new MetricsPage();
        scrape.lines().forEach(page::read);
        page.metrics.keySet().removeIf(page::isMaximumOfAHistogram);
        return HEAD + METRICS + page.rows() + LABELS + page.labelRows() + MEANINGS + page.meanings();
    }

    private void read(String line) {
        Matcher comment = COMMENT.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (comment.matches() && isOurs(comment.group(2))) {
            Metric metric = metrics.computeIfAbsent(comment.group(2), name -> new Metric());
            if (comment.group(1).equals("HELP")) {
                metric.description = comment.group(3).strip();
            } else {
                metric.type = comment.group(3).strip();
            }
        } else if (sample.matches() && metrics.containsKey(sample.group(1)) && sample.group(2) != null) {
            addLabels(metrics.get(sample.group(1)), sample.group(2));
        }
    }

    private static boolean isOurs(String name) {
        return OURS.matcher(name).matches();
    }

    private static void addLabels(Metric metric, String labels) {
        LABEL.matcher(labels)
                .results()
                .filter(label -> !label.group(1).equals("le"))
                .forEach(label -> metric.labels
                        .computeIfAbsent(label.group(1), name -> new TreeSet<>())
                        .add(label.group(2)));
    }

    private boolean isMaximumOfAHistogram(String name) {
        Metric whole = name.endsWith("_max") ? metrics.get(name.substring(0, name.length() - 4)) : null;
        return whole != null && whole.type.equals("histogram");
    }

    private String rows() {
        return metrics.entrySet().stream()
                .map(entry -> row(
                        code(entry.getKey()),
                        entry.getValue().type,
                        codes(entry.getValue().labels.keySet()),
                        entry.getKey().endsWith("_seconds") ? "seconds" : "–",
                        entry.getValue().description))
                .collect(Collectors.joining());
    }

    private String labelRows() {
        List<String> rows = new ArrayList<>();
        metrics.forEach((name, metric) -> metric.labels.forEach((label, values) -> {
            if (!OPEN.contains(label) && !label.startsWith("gen_ai_")) {
                rows.add(row(code(name), code(label), codes(values)));
            }
        }));
        return String.join("", rows);
    }

    private String meanings() {
        var lists = new StringBuilder();
        metrics.forEach((name, metric) ->
                metric.labels.forEach((label, values) -> lists.append(LabelMeanings.of(name, label, values))));
        return lists.toString();
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String codes(Set<String> words) {
        return words.isEmpty() ? "–" : words.stream().map(MetricsPage::code).collect(Collectors.joining(", "));
    }

    private static String code(String word) {
        return word.isEmpty() ? "(empty)" : "`" + word + "`";
    }
}
