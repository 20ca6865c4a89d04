package dev.runnel.limit;

/**
 * What is left of a limit per minute.
 *
 * @param remaining 0 … limit; 0 also while the key is in debt
 * @param resetSeconds seconds until the whole limit is available if nothing is used, 0 or more
 */
public record Window(int limit, int remaining, long resetSeconds) {

    static Window unused(int limit) {
        return new Window(limit, limit, 0);
    }
}
