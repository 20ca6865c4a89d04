package dev.runnel.docs;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A chart of medians and their spread, with a bar for each value.
 *
 * @param axis what the values are, with their unit
 * @param scale of the axis
 */
record Chart(String title, String axis, Scale scale, List<Group> groups) {

    /** A logarithmic axis has no zero, so it has points in place of bars. */
    enum Scale {
        LINEAR,
        LOGARITHMIC
    }

    /** @param title empty if the chart has only one group */
    record Group(String title, List<Bar> bars) {}

    /** @param isOurs whether it stands out */
    record Bar(String label, Spread spread, boolean isOurs) {}

    /** All values as text, for readers who do not see the chart. */
    String description() {
        return axis + ". Medians, in parentheses the smallest and the largest value. "
                + groups.stream().map(Chart::description).collect(Collectors.joining(" "));
    }

    private static String description(Group group) {
        String start = group.title().isEmpty() ? "" : group.title() + ": ";
        return group.bars().stream()
                .map(bar -> bar.label() + " " + bar.spread().text())
                .collect(Collectors.joining("; ", start, "."));
    }

    double largest() {
        return groups.stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(bar -> bar.spread().largest())
                .max()
                .orElseThrow();
    }

    double smallest() {
        return groups.stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(bar -> bar.spread().smallest())
                .min()
                .orElseThrow();
    }
}
