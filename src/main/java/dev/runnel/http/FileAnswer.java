package dev.runnel.http;

import dev.runnel.http.connection.HeadAwareResponse;
import dev.runnel.http.file.ServedFile;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;

/** Answers with a file, or with 304 where the client has it. A client asks each time whether its copy is valid. */
final class FileAnswer {

    private static final int MAX_TAGS_CHARACTERS = 256;

    private FileAnswer() {}

    static void send(HttpServerRequest request, ServedFile file) {
        HttpServerResponse response = request.response();
        response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, file.entityTag());
        if (isKnown(request.headers(), file)) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, file.contentType());
            HeadAwareResponse.end(request, Buffer.buffer(file.content()));
        }
    }

    /** Whether the client has these bytes already (RFC 9110, section 13.1.2). A longer list of tags is left unread. */
    private static boolean isKnown(MultiMap headers, ServedFile file) {
        return headers.getAll(HttpHeaders.IF_NONE_MATCH).stream()
                .filter(tags -> tags.length() <= MAX_TAGS_CHARACTERS)
                .flatMap(tags -> Arrays.stream(tags.split(",")))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(file.entityTag()));
    }
}
