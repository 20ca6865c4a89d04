package dev.runnel.config.tree;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a misspelled name probably means. */
public final class Nearest {

    private Nearest() {}

    /**
     * The name of {@code known} with the fewest typing errors to {@code name}: at most a third of its length, at most
     * 3. Ties go to the first name in the alphabet.
     */
    public static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> typos(name, candidate) <= allowed(candidate))
                .min(Comparator.<String>comparingInt(candidate -> typos(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int allowed(String candidate) {
        return Math.min(3, Math.max(1, candidate.length() / 3));
    }

    /** The Damerau-Levenshtein distance (adjacent transpositions count once), without case and separators. */
    private static int typos(String one, String other) {
        String a = folded(one);
        String b = folded(other);
        if (Math.abs(a.length() - b.length()) > 3) {
            return Integer.MAX_VALUE;
        }
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = cell(a, b, i, j, distance);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int cell(String a, String b, int i, int j, int[][] distance) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(distance[i - 1][j - 1] + same, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
    }

    private static String folded(String name) {
        return name.replaceAll("[-_. ]", "").toLowerCase(Locale.ROOT);
    }
}
