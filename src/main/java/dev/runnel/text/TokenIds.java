package dev.runnel.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The ids of an engine's tokens, in their order. Immutable. They mean something to the same model only. */
public final class TokenIds {

    /** No ids. */
    public static final TokenIds NONE = new TokenIds(new int[0]);

    private final int[] ids;

    private TokenIds(int[] ids) {
        this.ids = ids;
    }

    /**
     * Copies ids.
     *
     * @param ids where they stand
     * @param count how many of them, from the first
     * @return the ids
     */
    public static TokenIds of(int[] ids, int count) {
        return count == 0 ? NONE : new TokenIds(Arrays.copyOf(ids, count));
    }

    /**
     * Copies ids.
     *
     * @param ids the ids
     * @return the ids
     */
    public static TokenIds of(List<Integer> ids) {
        return ids.isEmpty()
                ? NONE
                : new TokenIds(ids.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * How many there are.
     *
     * @return 0 or more
     */
    public int size() {
        return ids.length;
    }

    /**
     * One of them.
     *
     * @param index from 0 on
     * @return the id
     */
    public int at(int index) {
        return ids[index];
    }

    /** Whether there are no ids. */
    public boolean isEmpty() {
        return ids.length == 0;
    }

    /**
     * These and others after them.
     *
     * @param more the others
     * @return all of them
     */
    public TokenIds with(TokenIds more) {
        if (more.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return more;
        }
        int[] all = Arrays.copyOf(ids, ids.length + more.ids.length);
        System.arraycopy(more.ids, 0, all, ids.length, more.ids.length);
        return new TokenIds(all);
    }

    /**
     * Copies the ids.
     *
     * @param target with room for all of them from {@code at} on
     * @param at the index of the first
     * @return the index after the last
     */
    public int copyTo(int[] target, int at) {
        System.arraycopy(ids, 0, target, at, ids.length);
        return at + ids.length;
    }

    /**
     * The ids as a list.
     *
     * @return a copy
     */
    public List<Integer> asList() {
        return IntStream.of(ids).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenIds that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** The number only: a text could be made of the ids, and generated text never reaches a log. */
    @Override
    public String toString() {
        return ids.length + " tokens";
    }
}
