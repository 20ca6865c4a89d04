package dev.runnel.http.connection;

import java.time.Duration;

/**
 * How long a client may take to say something, so that nobody holds a place by saying it slowly.
 *
 * @param firstRequest from connecting to a whole request head
 * @param body from the head to the body's end
 * @param nextRequest from an answer to the next request's whole head
 */
public record ConnectionDeadlines(Duration firstRequest, Duration body, Duration nextRequest) {

    /** The next request may take longer than load balancers keep a connection (60 s), so that they are the ones to close. */
    public static final ConnectionDeadlines DEFAULT =
            new ConnectionDeadlines(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(75));
}
