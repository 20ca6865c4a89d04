package dev.runnel.docs;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Writes a chart as SVG, with the colours of the reader's light or dark setting. */
final class ChartSvg {

    private static final int WIDTH = 760;
    private static final int LEFT = 170;
    private static final int RIGHT = 580;
    private static final int VALUES = 600;
    private static final int TOP = 44;
    private static final int ROW = 26;
    private static final int GROUP = 30;
    private static final int BELOW = 58;

    private static final String STYLE = """
            <style>
              .back { fill: #fff } text { fill: #1c1f22; font: 14px system-ui, sans-serif }
              .title, .group { font-weight: 600 } .title { font-size: 16px } .faint { fill: #565d64; font-size: 13px }
              .grid { stroke: #d9dde0 } .spread { stroke: #1c1f22; stroke-width: 2 } .point { stroke: #1c1f22 }
              .ours { fill: #3c9dbf } .other { fill: #b4bbc1 }
              @media (prefers-color-scheme: dark) {
                .back { fill: #15181a } text { fill: #e8eaec } .faint { fill: #a9b1b8 } .grid { stroke: #3b4247 }
                .spread { stroke: #e8eaec } .point { stroke: #e8eaec } .ours { fill: #2a7d9b } .other { fill: #5b646b }
              }
            </style>
            """;

    private final StringBuilder out = new StringBuilder();
    private final Chart chart;
    private final ChartAxis axis;
    private int y = TOP;

    private ChartSvg(Chart chart) {
        this.chart = chart;
        this.axis = ChartAxis.of(chart);
    }

    static String of(Chart chart) {
        return new ChartSvg(chart).write();
    }

    private String write() {
        int height =
                TOP + BELOW + chart.groups().stream().mapToInt(ChartSvg::height).sum();
        add("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" \
                aria-labelledby="title description">
                <title id="title">%3$s</title>
                <desc id="description">%4$s</desc>
                <!-- Made by ResultChartsTest from the tables of the page. Do not edit. -->
                """, WIDTH, height, escaped(chart.title()), escaped(chart.description()));
        out.append(STYLE);
        add("<rect class=\"back\" width=\"%d\" height=\"%d\"/>\n", WIDTH, height);
        text("title", 16, 26, "start", chart.title());
        ticks(height - BELOW);
        chart.groups().forEach(this::group);
        return out.append("</svg>\n").toString();
    }

    private static int height(Chart.Group group) {
        return (group.title().isEmpty() ? 0 : GROUP) + ROW * group.bars().size();
    }

    private void ticks(int bottom) {
        for (double tick : axis.ticks()) {
            double x = x(tick);
            add("<line class=\"grid\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>\n", x, TOP, bottom);
            text("faint", x, bottom + 18, "middle", label(tick));
        }
        text("faint", (LEFT + RIGHT) / 2.0, bottom + 42, "middle", chart.axis());
    }

    /** Without the digits that a sum of fractions adds. */
    private static String label(double tick) {
        return new BigDecimal(tick)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    private void group(Chart.Group group) {
        if (!group.title().isEmpty()) {
            text("group", 16, y + 20, "start", group.title());
            y += GROUP;
        }
        for (Chart.Bar bar : group.bars()) {
            bar(bar);
            y += ROW;
        }
    }

    private void bar(Chart.Bar bar) {
        Spread spread = bar.spread();
        int middle = y + ROW / 2;
        double median = x(spread.median());
        text("label", LEFT - 12, middle + 5, "end", bar.label());
        if (axis.isLogarithmic()) {
            spread(spread, middle);
            add(
                    "<circle class=\"point %s\" cx=\"%.1f\" cy=\"%d\" r=\"6\"/>\n",
                    bar.isOurs() ? "ours" : "other", median, middle);
        } else {
            add(
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
                    bar.isOurs() ? "ours" : "other", LEFT, y + 4, median - LEFT, ROW - 8);
            spread(spread, middle);
        }
        text("faint", VALUES, middle + 5, "start", spread.text());
    }

    private void spread(Spread spread, int middle) {
        double from = x(spread.smallest());
        double to = x(spread.largest());
        add(
                "<path class=\"spread\" d=\"M%1$.1f %3$dH%2$.1fM%1$.1f %4$dV%5$dM%2$.1f %4$dV%5$d\"/>\n",
                from, to, middle, middle - 4, middle + 4);
    }

    private double x(double value) {
        return LEFT + (RIGHT - LEFT) * axis.place(value);
    }

    private void text(String style, double x, int baseline, String anchor, String text) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
                style, x, baseline, anchor, escaped(text));
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
