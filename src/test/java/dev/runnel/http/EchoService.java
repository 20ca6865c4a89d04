package dev.runnel.http;

import dev.runnel.sse.HttpWire;
import java.util.concurrent.TimeoutException;

/** The whole service with one model that repeats the prompt, and a connection that goes on whatever it sends. */
final class EchoService implements AutoCloseable {

    private static final String MODELS = """
        defaultModel: echo
        models:
          - { name: echo, engine: scripted, echo: true }
        """;

    private final RealService service;
    private final HttpWire connection;

    private EchoService(RealService service) {
        this.service = service;
        this.connection = service.connect();
    }

    static EchoService start() throws Exception {
        return new EchoService(RealService.start(MODELS));
    }

    HttpWire.Answer post(String path, byte[] body) {
        return connection.post(path, service.key(), body).answer();
    }

    @Override
    public void close() throws TimeoutException {
        connection.close();
        service.close();
    }
}
