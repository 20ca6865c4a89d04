package dev.runnel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.ClusterConfig;
import dev.runnel.config.ClusterConfig.WithoutAnswer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GridRegistrationsTest {

    private static final String ADDRESS = "questions";

    /** Each member has its own. */
    private final List<Vertx> all = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Vertx vertx : all) {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
    }

    private Vertx start(Grid grid, ClusterConfig config) throws Exception {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(BusSettings.of(config)))
                .withClusterManager(grid.manager())
                .buildClustered()
                .await(60, TimeUnit.SECONDS);
        all.add(vertx);
        return vertx;
    }

    private static boolean isAnswered(Vertx asking) {
        Future<?> answer = asking.eventBus().request(ADDRESS, "question");
        GridRig.eventually().until(answer::isComplete);
        return answer.succeeded();
    }

    @Test
    void consumerIsRegisteredAgainAfterAnotherMemberHasDeletedIt() throws Exception {
        ClusterConfig alone = GridRig.config(List.of(), WithoutAnswer.SHARE, GridRig.LONG);
        Grid first = new Grid(alone);
        Vertx answering = start(first, alone);
        ClusterConfig both = GridRig.config(List.of("127.0.0.1:" + first.port()), WithoutAnswer.SHARE, GridRig.LONG);
        Grid second = new Grid(both);
        Vertx asking = start(second, both);
        answering
                .eventBus()
                .consumer(ADDRESS, message -> message.reply("answer"))
                .completion()
                .await(10, TimeUnit.SECONDS);
        GridRig.eventually().until(() -> isAnswered(asking));

        second.instance().getMultiMap("__vertx.subs").remove(ADDRESS);
        GridRig.eventually().until(() -> !isAnswered(asking));
        assertThat(isAnswered(asking)).isFalse();

        first.keepRegistrations(answering);
        GridRig.eventually().until(() -> isAnswered(asking));
    }
}
