package dev.runnel.http.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.PlayedGenerator;
import dev.runnel.http.connection.ConnectionDeadlines;
import dev.runnel.http.connection.Connections;
import dev.runnel.http.connection.TestAccount;
import dev.runnel.metric.RequestMeters;
import dev.runnel.metric.StreamMeters.Cause;
import dev.runnel.net.NettyConnection;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.vertx.core.http.HttpConnection;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections of a Vert.x that names the handlers in another way. */
class UnknownPipelineTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Connections connections;

    @AutoClose
    private StreamRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = StreamRig.start();
        connections = new Connections(
                rig.context(),
                () -> false,
                new RequestMeters(registry),
                TestAccount.of(registry),
                ConnectionDeadlines.DEFAULT);
    }

    private void afterChanging(Consumer<ChannelPipeline> change) {
        rig.connectsAs(connection -> {
            change.accept(pipeline(connection));
            connections.opened(connection);
        });
    }

    private static ChannelPipeline pipeline(HttpConnection connection) {
        return NettyConnection.of(connection).channel().pipeline();
    }

    private void assertStreams() throws Exception {
        try (HttpWire client = rig.ask()) {
            PlayedGenerator.Play play = rig.generator().accept();
            play.say("a").say("b").finish();

            assertThat(StreamRules.check(client.answer().bytes()).text()).isEqualTo("ab");
            assertThat(rig.closedBy(Cause.FAILED)).isZero();
        }
    }

    private double counted() {
        return registry.get("runnel.connections.unknown.pipeline").counter().count();
    }

    @Test
    void knownPipelineIsNotCounted() throws Exception {
        afterChanging(pipeline -> {});

        assertStreams();

        assertThat(counted()).isZero();
    }

    @Test
    void streamUsesTheGeneralPathWithoutTheEncoderItKnows() throws Exception {
        afterChanging(pipeline -> pipeline.replace("httpEncoder", "encoder", new HttpResponseEncoder()));

        assertStreams();

        assertThat(counted()).isEqualTo(1);
    }
}
