package dev.runnel.http.error;

import io.vertx.ext.web.RoutingContext;

/** The form in which a client receives an error, as long as no status is sent. */
public enum ErrorForm {
    /** A JSON object. */
    JSON,

    /** One event of a stream, or a JSON object where the client's {@code Accept} prefers that. */
    EVENT,

    /** A JSON object with the members that clients of OpenAI-compatible routes expect. */
    OPENAI;

    private static final String KEY = "runnel.errorForm";

    /** Notes the form for the errors of a request. */
    public void note(RoutingContext context) {
        context.put(KEY, this);
    }

    /** The noted form; {@link #JSON} without one. */
    static ErrorForm of(RoutingContext context) {
        return context.get(KEY, JSON);
    }
}
