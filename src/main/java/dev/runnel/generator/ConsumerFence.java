package dev.runnel.generator;

import dev.runnel.client.Fence;
import dev.runnel.client.OtherNodes;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Whether the consumer of a generation, on another node, may have gone on elsewhere because this process did not run.
 * It does not apply to a consumer of this process. Any thread.
 */
final class ConsumerFence {

    private final Fence.@Nullable Pass pass;

    /** @param node of the consumer; empty in this process */
    ConsumerFence(Vertx vertx, String node) {
        this.pass = node.isEmpty()
                ? null
                : OtherNodes.of(vertx).map(nodes -> nodes.fence().pass()).orElse(null);
    }

    boolean isRaised() {
        return pass != null && !pass.isValid();
    }

    /** How a generation ends now: with no end, if its consumer may have gone on. */
    Ending now(Ending planned) {
        return isRaised() ? new Ending.Unheard("") : planned;
    }
}
