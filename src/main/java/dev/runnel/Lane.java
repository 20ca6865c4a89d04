package dev.runnel;

import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.http.HttpVerticle;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * One HTTP and one generator verticle on the same event loop, so that a generation's messages do not change threads.
 * Requests still use the bus; deltas use the direct path of {@link dev.runnel.client.Inbox}.
 */
final class Lane implements Deployable {

    private final GeneratorVerticle generator;
    private final HttpVerticle http;
    private final Consumer<Context> loop;

    /** @param loop called once with the lane's context, on its event loop */
    Lane(GeneratorVerticle generator, HttpVerticle http, Consumer<Context> loop) {
        this.loop = loop;
        this.generator = generator;
        this.http = http;
    }

    /** The address of its generator on the bus. */
    String generator() {
        return generator.address();
    }

    int port() {
        return http.actualPort();
    }

    /**
     * Refuses new requests; completes when all generations have ended and the clients have received them. Clients may
     * attach while the last generations run, also after all earlier connections are closed.
     */
    Future<?> drain() {
        return Future.join(generator.drain(), http.drain()).compose(ended -> http.drain());
    }

    /** Ends running generations; completes with their number. */
    Future<Integer> cut() {
        Future<Integer> generated = generator.cut();
        Future<Integer> received = http.cut();
        return Future.join(generated, received).map(both -> generated.result() + received.result());
    }

    /** Closes connections with unsent data; completes with their number. */
    Future<Integer> abort() {
        return http.abort();
    }

    @Override
    public Future<?> deploy(Context context) throws Exception {
        loop.accept(context);
        return Future.join(generator.deploy(context), http.deploy(context));
    }

    @Override
    public Future<?> undeploy(Context context) throws Exception {
        return Future.join(http.undeploy(context), generator.undeploy(context));
    }
}
