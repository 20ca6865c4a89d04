package dev.runnel;

import dev.runnel.generator.GeneratorVerticle;
import dev.runnel.http.HttpVerticle;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;

/**
 * One HTTP and one generator verticle on the same event loop, so that a generation's messages need not change threads. They
 * still talk over the bus.
 */
final class Lane implements Deployable {

    private final GeneratorVerticle generator;
    private final HttpVerticle http;

    Lane(GeneratorVerticle generator, HttpVerticle http) {
        this.generator = generator;
        this.http = http;
    }

    @Override
    public Future<?> deploy(Context context) throws Exception {
        return Future.join(generator.deploy(context), http.deploy(context));
    }

    @Override
    public Future<?> undeploy(Context context) throws Exception {
        return Future.join(http.undeploy(context), generator.undeploy(context));
    }
}
