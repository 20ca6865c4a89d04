package dev.runnel.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.Allowance;
import dev.runnel.limit.LimitDecision.Admitted;
import dev.runnel.limit.LimitDecision.Reason;
import dev.runnel.limit.LimitDecision.Refused;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Steps on the bytes of one key's ledger. */
class StoredLedgerTest {

    private static final Allowance ALLOWANCE = new Allowance(
            OptionalInt.of(60), OptionalInt.of(1000), OptionalInt.of(2), OptionalInt.empty(), Optional.empty());
    private static final Demand DEMAND = new Demand(0, 100);

    private final Set<String> members = new HashSet<>(Set.of("a", "b"));
    private byte[] bytes;
    private long now;
    private boolean hasRoom = true;

    private LimitDecision apply(LimitStep step) {
        StoredLedger ledger = new StoredLedger(bytes);
        byte[] answer = ledger.apply(step.bytes(), now, members::contains, hasRoom);
        if (ledger.isChanged()) {
            bytes = ledger.bytes().orElse(null);
        }
        return LimitAnswer.of(answer).decision(ALLOWANCE, DEMAND, used -> {});
    }

    private LimitDecision admit(String node, long permit) {
        return apply(new LimitStep.Admit(node, permit, ALLOWANCE, DEMAND, true, 0));
    }

    private LimitState state() {
        return apply(new LimitStep.Look("a", ALLOWANCE)).state();
    }

    private int tokensLeft() {
        return state().tokens().orElseThrow().remaining();
    }

    @Test
    void nodesShareOneLimit() {
        assertThat(admit("a", 1)).isInstanceOf(Admitted.class);
        assertThat(admit("b", 1)).isInstanceOf(Admitted.class);

        LimitDecision third = admit("a", 2);

        assertThat(((Refused) third).reason()).isEqualTo(Reason.CONCURRENCY);
        assertThat(((Refused) third).message()).contains("2 generations waiting or running (limit 2)");
        assertThat(third.state()).isEqualTo(state());
        assertThat(tokensLeft()).isEqualTo(800);
        assertThat(state().requests()).contains(new Window(60, 58, 2));
    }

    @Test
    void stepThatIsDoneTwiceCountsOnce() {
        admit("a", 1);
        admit("a", 1);
        assertThat(tokensLeft()).isEqualTo(900);
        assertThat(state().running()).isEqualTo(1);

        apply(new LimitStep.Settle("a", 1, 40));
        apply(new LimitStep.Settle("a", 1, 40));

        assertThat(tokensLeft()).isEqualTo(960);
        assertThat(state().running()).isZero();
    }

    @Test
    void deadNodesPermitsAreFreeAndItsReservationsStayCharged() {
        admit("b", 1);
        admit("b", 2);
        assertThat(admit("a", 1)).isInstanceOf(Refused.class);

        members.remove("b");

        assertThat(admit("a", 2)).isInstanceOf(Admitted.class);
        assertThat(state().running()).isEqualTo(1);
        assertThat(tokensLeft()).isEqualTo(700);
    }

    @Test
    void nodeThatComesBackDoesNotSettleAgain() {
        admit("b", 1);
        members.remove("b");
        admit("a", 1);

        members.add("b");
        apply(new LimitStep.Settle("b", 1, 0));

        assertThat(tokensLeft()).isEqualTo(800);
        assertThat(state().running()).isEqualTo(1);
    }

    @Test
    void nodeThatAsksIsAMemberAlsoWhereTheListDoesNotHaveItYet() {
        admit("new", 1);
        admit("new", 2);

        assertThat(admit("new", 3)).isInstanceOf(Refused.class);
    }

    @Test
    void clockThatIsBehindAddsNothingAndTakesNothing() {
        now = Duration.ofSeconds(100).toNanos();
        admit("a", 1);
        apply(new LimitStep.Settle("a", 1, 100));
        now = Duration.ofSeconds(40).toNanos();
        assertThat(tokensLeft()).isEqualTo(900);
        admit("a", 2);

        now = Duration.ofSeconds(43).toNanos();

        assertThat(tokensLeft()).isEqualTo(850);
    }

    @Test
    void keyThatNeedsNoLedgerHasNone() {
        admit("a", 1);
        assertThat(bytes).isNotNull();
        now = Duration.ofMinutes(2).toNanos();

        apply(new LimitStep.Settle("a", 1, 0));

        assertThat(bytes).isNull();
    }

    @Test
    void keyGetsNoLedgerWhereThereAreTooMany() {
        LimitDecision decision = apply(new LimitStep.Admit("a", 1, ALLOWANCE, DEMAND, false, 0));

        assertThat(((Refused) decision).reason()).isEqualTo(Reason.CROWDED);
        assertThat(bytes).isNull();
        admit("a", 1);
        assertThat(apply(new LimitStep.Admit("a", 2, ALLOWANCE, DEMAND, false, 0)))
                .isInstanceOf(Admitted.class);
    }

    @Test
    void memberWithTheLedgersDecidesWhetherThereAreTooMany() {
        hasRoom = false;

        assertThat(((Refused) admit("a", 1)).reason()).isEqualTo(Reason.CROWDED);
    }

    @Test
    void nextStepSettlesWhatWasSettledAndLost() {
        admit("a", 1);
        admit("a", 2);
        assertThat(((Refused) admit("b", 1)).reason()).isEqualTo(Reason.CONCURRENCY);

        // The steps that settled 1 and 2 are lost with the member that had done them.
        LimitDecision next = apply(new LimitStep.Admit("a", 3, ALLOWANCE, DEMAND, true, 3));

        assertThat(next).isInstanceOf(Admitted.class);
        assertThat(state().running()).isEqualTo(1);
        assertThat(tokensLeft()).isEqualTo(700);
        assertThat(admit("b", 2)).isInstanceOf(Admitted.class);
    }

    @Test
    void openPermitsOfOthersStay() {
        admit("b", 1);
        admit("a", 2);

        apply(new LimitStep.Admit("a", 3, ALLOWANCE, DEMAND, true, 2));

        assertThat(state().running()).isEqualTo(2);
    }

    @Test
    void stepOfAnOlderVersionNamesNoLowestPermit() {
        byte[] step = new LimitStep.Admit("a", 7, ALLOWANCE, DEMAND, true, 5).bytes();

        LimitStep older = LimitStep.of(Arrays.copyOf(step, step.length - Long.BYTES));

        assertThat(older).isEqualTo(new LimitStep.Admit("a", 7, ALLOWANCE, DEMAND, true, 0));
    }

    @Test
    void fieldsOfANewerVersionAreSkipped() {
        admit("a", 1);
        bytes = Arrays.copyOf(bytes, bytes.length + 10);
        byte[] step = new LimitStep.Settle("a", 1, 10).bytes();

        byte[] answer =
                new StoredLedger(bytes).apply(Arrays.copyOf(step, step.length + 10), now, members::contains, true);

        assertThat(LimitAnswer.of(Arrays.copyOf(answer, answer.length + 10))).isNotNull();
        assertThat(state().running()).isEqualTo(1);
        assertThatThrownBy(() -> LimitStep.of(new byte[] {'?', 0, 0})).hasMessageContaining("step: 63");
    }
}
