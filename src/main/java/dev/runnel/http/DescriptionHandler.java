package dev.runnel.http;

import dev.runnel.http.file.ServedFile;

/** Serves the description of the API (OpenAPI 3.1). It needs no key. */
final class DescriptionHandler {

    static final String PATH = "/openapi.yaml";

    private static final ServedFile DESCRIPTION = ServedFile.read(DescriptionHandler.class, "openapi.yaml");

    private DescriptionHandler() {}

    static Endpoint endpoint() {
        return Endpoint.get(PATH, context -> FileAnswer.send(context.request(), DESCRIPTION));
    }
}
