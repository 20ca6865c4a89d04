package dev.runnel.engine.llama;

import java.util.Arrays;

/**
 * Counts the cells of a context that sequences use; a shared cell counts once. For versions of llama.cpp that do not
 * count them. Engine thread only.
 */
final class CellCount {

    private static final int FIRST_LENGTH = 64;

    /** The cells of each sequence, by position. */
    private final int[][] cells;

    private final int[] lengths;

    /** How many sequences use each cell. */
    private final int[] users;

    private final int[] free;
    private int freeCount;

    /**
     * @param sequences the number of sequence ids; they start from 0
     * @param total the number of cells
     */
    CellCount(int sequences, int total) {
        cells = new int[sequences][FIRST_LENGTH];
        lengths = new int[sequences];
        users = new int[total];
        free = new int[total];
        for (int cell = 0; cell < total; cell++) {
            free[freeCount++] = cell;
        }
    }

    /** A token of this sequence was evaluated. */
    void add(int sequence) {
        append(sequence, free[--freeCount]);
    }

    /** A sequence without cells uses the first {@code length} cells of another one. */
    void share(int source, int target, int length) {
        for (int i = 0; i < length; i++) {
            append(target, cells[source][i]);
        }
    }

    private void append(int sequence, int cell) {
        if (lengths[sequence] == cells[sequence].length) {
            cells[sequence] = Arrays.copyOf(cells[sequence], 2 * lengths[sequence]);
        }
        cells[sequence][lengths[sequence]++] = cell;
        users[cell]++;
    }

    /** A sequence uses no cells any more. */
    void remove(int sequence) {
        for (int i = 0; i < lengths[sequence]; i++) {
            int cell = cells[sequence][i];
            if (--users[cell] == 0) {
                free[freeCount++] = cell;
            }
        }
        lengths[sequence] = 0;
    }

    /** The cells that any sequence uses. */
    int used() {
        return users.length - freeCount;
    }
}
