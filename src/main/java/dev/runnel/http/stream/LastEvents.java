package dev.runnel.http.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Writes the last events of a stream. */
final class LastEvents {

    private LastEvents() {}

    /** Writes events one after another, and ends the response with the last. */
    static Future<Void> write(HttpServerResponse response, List<Buffer> events) {
        int last = events.size() - 1;
        Future<Void> before = Future.succeededFuture();
        for (Buffer event : events.subList(0, last)) {
            before = before.compose(written -> response.write(event));
        }
        return before.compose(written -> response.end(events.get(last)));
    }
}
