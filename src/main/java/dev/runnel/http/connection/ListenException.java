package dev.runnel.http.connection;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import java.util.Objects;

/** A port cannot be bound. The message names the setting and the reason in one line. */
public final class ListenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private ListenException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Adds the setting to the failure of binding a port.
     *
     * @param setting the name of the port's section in the configuration
     */
    public static Future<HttpServer> explained(Future<HttpServer> listening, String setting, String host, int port) {
        return listening.recover(cause -> Future.failedFuture(new ListenException(
                setting + ".host: " + host + " with " + setting + ".port: " + port + " (expected: free to listen on; "
                        + reason(cause) + ")",
                cause)));
    }

    /** The operating system's words, without Netty's {@code bind(..) failed with error(-98): } before them. */
    private static String reason(Throwable cause) {
        String message =
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        return message.substring(message.lastIndexOf("): ") < 0 ? 0 : message.lastIndexOf("): ") + 3);
    }
}
