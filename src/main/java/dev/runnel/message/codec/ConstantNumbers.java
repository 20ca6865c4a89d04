package dev.runnel.message.codec;

import java.util.List;

/**
 * The numbers of an enum's constants on the wire. A number that this version does not know reads as number 0, the
 * constant that means "unknown".
 */
final class ConstantNumbers<E extends Enum<E>> {

    private final List<E> byNumber;

    private ConstantNumbers(List<E> byNumber) {
        this.byNumber = byNumber;
    }

    /**
     * Numbers constants from 0 on. A new constant goes to the end, so that no number changes.
     *
     * @param constants the one that means "unknown" first
     */
    static <E extends Enum<E>> ConstantNumbers<E> of(List<E> constants) {
        return new ConstantNumbers<>(List.copyOf(constants));
    }

    int numberOf(E constant) {
        return Math.max(0, byNumber.indexOf(constant));
    }

    E constantOf(long number) {
        return byNumber.get(number > 0 && number < byNumber.size() ? (int) number : 0);
    }

    /** All of them, by their numbers. */
    List<E> constants() {
        return byNumber;
    }
}
