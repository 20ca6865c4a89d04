package dev.runnel.limit;

import dev.runnel.config.Allowance;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The limiter of a process whose permits are observed. */
public final class ObservedLimiter implements Limiter {

    private final Limiter limiter;
    private final Consumer<Admission> observer;

    /** A permit that was given, and what settles it. The observer may replace that. */
    public static final class Admission {

        private final String keyId;
        private final long reservedTokens;
        private LongConsumer settlement;

        private Admission(String keyId, long reservedTokens, LongConsumer settlement) {
            this.keyId = keyId;
            this.reservedTokens = reservedTokens;
            this.settlement = settlement;
        }

        public String keyId() {
            return keyId;
        }

        public long reservedTokens() {
            return reservedTokens;
        }

        /** Settles the permit of the limiter. */
        public LongConsumer settlement() {
            return settlement;
        }

        public void settleBy(LongConsumer other) {
            settlement = other;
        }
    }

    public ObservedLimiter(Limiter limiter, Consumer<Admission> observer) {
        this.limiter = limiter;
        this.observer = observer;
    }

    @Override
    public Future<LimitDecision> admit(String keyId, Allowance allowance, Demand demand) {
        return limiter.admit(keyId, allowance, demand)
                .map(decision -> decision instanceof LimitDecision.Admitted admitted
                        ? new LimitDecision.Admitted(observed(keyId, demand, admitted.permit()), admitted.state())
                        : decision);
    }

    private Permit observed(String keyId, Demand demand, Permit permit) {
        Admission admission = new Admission(keyId, demand.tokens(), permit::settle);
        observer.accept(admission);
        return new Permit(used -> admission.settlement().accept(used));
    }

    @Override
    public Future<LimitState> state(String keyId, Allowance allowance) {
        return limiter.state(keyId, allowance);
    }
}
