package dev.runnel.http.connection;

import java.time.Duration;

/**
 * How long a client may need to send something, so that a slow client does not keep a connection.
 *
 * @param firstRequest from connecting to a whole request head
 * @param body from the head to the body's end
 * @param nextRequest from a response to the next request's whole head
 */
public record ConnectionDeadlines(Duration firstRequest, Duration body, Duration nextRequest) {

    /**
     * The next request may need longer than load balancers keep a connection (60 s), so that the balancer closes first.
     */
    public static final ConnectionDeadlines DEFAULT =
            new ConnectionDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(75));
}
