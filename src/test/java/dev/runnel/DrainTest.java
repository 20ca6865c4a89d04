package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.RunnelConfig;
import dev.runnel.engine.EngineListener;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rest of what a drain does is shown by DrainIT, on a process. */
class DrainTest {

    private static final String CONFIG = """
            http: { port: 0, drain: 0s }
            management: { port: 0 }
            warmUp: { duration: 0s }
            defaultModel: quick
            models: [ { name: quick, engine: scripted } ]
            """;

    @TempDir
    private Path data;

    /** Two event loops: one of them may be the management port's, the other one is a lane's. */
    private final CountDownLatch blocked = new CountDownLatch(2);

    private final CountDownLatch released = new CountDownLatch(1);
    private Runnel runnel;

    /** Blocks the event loop that it is deployed on. */
    private final class Blocker extends VerticleBase {

        @Override
        public Future<?> start() {
            context.runOnContext(turn -> block());
            return Future.succeededFuture();
        }

        private void block() {
            blocked.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        RunnelConfig config = ServiceConfig.of(CONFIG, data);
        runnel = Runnel.start(config, EngineListener.SILENT).await(20, TimeUnit.SECONDS);
        runnel.opened().await(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        released.countDown();
        runnel.close().await(20, TimeUnit.SECONDS);
    }

    @Test
    void drainEndsBesideAnEventLoopThatIsStuckAndSaysThatItWasNotClean() throws Exception {
        runnel.vertx().deployVerticle(new Blocker());
        runnel.vertx().deployVerticle(new Blocker());
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();

        Drain.Outcome outcome = runnel.drain().await(60, TimeUnit.SECONDS);

        assertThat(outcome.isClean()).isFalse();
        assertThat(outcome.cut()).isPositive();
    }
}
