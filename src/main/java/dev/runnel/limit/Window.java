package dev.runnel.limit;

/**
 * What is left of "so many per minute".
 *
 * @param remaining 0 … limit; 0 also while more was used than there was
 * @param resetSeconds until the whole limit is there again if nothing is used, 0 or more
 */
public record Window(int limit, int remaining, long resetSeconds) {

    static Window untouched(int limit) {
        return new Window(limit, limit, 0);
    }
}
