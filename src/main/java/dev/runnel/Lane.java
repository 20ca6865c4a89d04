package dev.runnel;

import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.http.HttpVerticle;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * One HTTP and one generator verticle on the same event loop, so that a generation's messages need not change threads. Requests
 * go over the bus all the same; what comes back takes the short way of {@link dev.runnel.client.Inbox}.
 */
final class Lane implements Deployable {

    private final GeneratorVerticle generator;
    private final HttpVerticle http;
    private final Consumer<Context> loop;

    /** @param loop is told on which event loop it lives, there */
    Lane(GeneratorVerticle generator, HttpVerticle http, Consumer<Context> loop) {
        this.loop = loop;
        this.generator = generator;
        this.http = http;
    }

    int port() {
        return http.actualPort();
    }

    /** Takes nothing new; completes when all that ran has ended and the clients have it. */
    Future<?> drain() {
        return Future.join(generator.drain(), http.drain());
    }

    /** Ends what still runs; says how many generations that were. */
    Future<Integer> cut() {
        return generator.cut();
    }

    /** Drops who has not taken all by now; says how many connections that were. */
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
