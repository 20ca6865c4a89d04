package dev.runnel.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class OnContextTest {

    private final Context own;

    OnContextTest(Vertx vertx) {
        own = vertx.getOrCreateContext();
    }

    /** The check's result on another context. */
    private boolean checkedOn(Context context) throws Exception {
        return ((ContextInternal) context)
                .succeededFuture()
                .map(turn -> OnContext.check(own))
                .await(10, TimeUnit.SECONDS);
    }

    @Test
    void callOnTheContextPasses() throws Exception {
        assertThat(checkedOn(own)).isTrue();
    }

    @Test
    void callOnADuplicateOfTheContextPasses() throws Exception {
        assertThat(checkedOn(((ContextInternal) own).duplicate())).isTrue();
    }

    @Test
    void callOnAnotherContextFails() {
        Context other = ((ContextInternal) own).owner().createEventLoopContext();

        assertThatThrownBy(() -> checkedOn(other))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected: context " + own);
    }

    @Test
    void callOfTheLoopWithoutAContextPassesOnlyForTheLoop() throws Exception {
        var loop = ((ContextInternal) own).nettyEventLoop();

        assertThat(loop.submit(() -> OnContext.checkLoop(own)).get(10, TimeUnit.SECONDS))
                .isTrue();
        assertThatThrownBy(() -> OnContext.checkLoop(own))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected: the event loop of " + own);
    }

    @Test
    void callOutsideOfEveryContextFails() {
        assertThatThrownBy(() -> OnContext.check(own))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("context null");
    }
}
