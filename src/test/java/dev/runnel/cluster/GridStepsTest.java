package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cluster.GridRig.Member;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class GridStepsTest {

    @AutoClose
    private GridRig rig;

    @BeforeEach
    void start(Vertx vertx) {
        rig = new GridRig(vertx);
    }

    @Test
    void lateStepsAreCountedForMembersAlone() throws Exception {
        Member first = rig.start("a");
        Member second = rig.start("b");
        GridRig.eventually().until(() -> first.instance().getPartitionService().isClusterSafe());
        GridSteps steps = rig.steps(first);
        for (String key : List.of(rig.keyOf(first), rig.keyOf(second))) {
            byte[] read = new KeyStep(KeyStep.Kind.FIND, "a", 0, "request", "").bytes();
            steps.run(Table.KEYS, key, read, GridRig.LONG, () -> {}).await(30, TimeUnit.SECONDS);
        }
        assertThat(steps.owners()).isEqualTo(2);

        second.instance().getLifecycleService().terminate();

        GridRig.eventually().until(() -> steps.owners() == 1);
    }
}
