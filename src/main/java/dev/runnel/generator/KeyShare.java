package dev.runnel.generator;

import dev.runnel.message.Submit;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A key that requests places of a model, and its share of them.
 *
 * @param keyId the caller's key
 * @param share of the places to run, more than 0, at most 1
 */
record KeyShare(String keyId, double share) {

    static KeyShare of(Submit submit) {
        return new KeyShare(submit.origin().keyId(), submit.origin().share());
    }

    /** Of a key that may use all places. */
    static KeyShare whole(String keyId) {
        return new KeyShare(keyId, 1);
    }

    /** How many of these places the key may use at once, rounded up. */
    int of(int places) {
        // Not in binary: 0.07 × 100 would be more than 7.
        return share == 1
                ? places
                : BigDecimal.valueOf(share)
                        .multiply(BigDecimal.valueOf(places))
                        .setScale(0, RoundingMode.CEILING)
                        .intValueExact();
    }
}
