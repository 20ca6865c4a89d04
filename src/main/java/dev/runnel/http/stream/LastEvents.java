package dev.runnel.http.stream;

import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.FailedRequest;
import dev.runnel.message.Finished;
import dev.runnel.text.TranscriptReader;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Writes the last events of a stream. */
final class LastEvents {

    private LastEvents() {}

    /** Writes the end of a generation. */
    static Future<Void> write(
            HttpServerRequest request, StreamFormat format, TranscriptReader reader, AsyncResult<Finished> how) {
        return how.succeeded()
                ? write(request.response(), format.end(reader, how.result()))
                : request.response()
                        .end(format.error(reader, FailedRequest.response(how.cause(), RequestId.of(request))));
    }

    /**
     * Writes events one after another, and ends the response with the last. An event is read from the list when the one
     * before it is written.
     */
    private static Future<Void> write(HttpServerResponse response, List<Buffer> events) {
        return events.isEmpty() ? response.end() : write(response, events, 0);
    }

    private static Future<Void> write(HttpServerResponse response, List<Buffer> events, int index) {
        Buffer event = events.get(index);
        return index == events.size() - 1
                ? response.end(event)
                : response.write(event).compose(written -> write(response, events, index + 1));
    }
}
