package dev.runnel.conformance;

import dev.runnel.conformance.session.Case;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which cases run. In a pattern {@code *} is any text, also with slashes, and {@code ?} is any character.
 *
 * @param only without a pattern, all cases
 * @param skip cases that do not run, also if {@code only} names them
 */
public record Selection(List<Pattern> only, List<Pattern> skip) {

    public static final Selection ALL = new Selection(List.of(), List.of());

    public Selection {
        only = List.copyOf(only);
        skip = List.copyOf(skip);
    }

    public static Selection of(List<String> only, List<String> skip) {
        return new Selection(patterns(only), patterns(skip));
    }

    private static List<Pattern> patterns(List<String> globs) {
        return globs.stream().map(Selection::pattern).toList();
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(glob.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }

    /** The cases that run, in their order. */
    public List<Case> of(List<Case> cases) {
        return cases.stream().filter(one -> runs(one.id())).toList();
    }

    private boolean runs(String id) {
        boolean isNamed = only.isEmpty()
                || only.stream().anyMatch(glob -> glob.matcher(id).matches());
        return isNamed && skip.stream().noneMatch(glob -> glob.matcher(id).matches());
    }
}
