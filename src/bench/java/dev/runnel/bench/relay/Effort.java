package dev.runnel.bench.relay;

/**
 * How much is measured.
 *
 * @param rounds how often, 1 or more
 * @param small whether streams are a tenth of what they should be, to see that everything works
 */
public record Effort(int rounds, boolean small) {

    private static final int SMALLER = 10;

    int streams(int full) {
        return small ? Math.max(1, full / SMALLER) : full;
    }
}
