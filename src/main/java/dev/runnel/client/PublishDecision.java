package dev.runnel.client;

import io.vertx.core.Vertx;

/**
 * Decides whether this node publishes the account of a generation of which another node may decide too. It does only
 * while it is certain that it is neither cut off nor removed. While that is not certain, it waits. In a part of the
 * cluster that is too small, the others decide.
 */
public final class PublishDecision {

    /** As often as this node looks which members it hears. */
    private static final long UNCERTAIN_MILLIS = 250;

    private PublishDecision() {}

    /** An account of which no message of the other node has decided yet. */
    public interface Account {

        /**
         * Asked before each try.
         *
         * @return whether it is still to be decided
         */
        boolean isOpen();

        /** This node publishes it. */
        void publish();

        /** Other nodes decide. */
        void leaveToOthers();
    }

    /**
     * Decides now, or as soon as it is certain. One method of the account is called at most once, on the calling
     * context.
     *
     * @param vertx of the process
     * @param nodes what the process knows of the others
     * @param account that is to be published, or not
     */
    public static void of(Vertx vertx, OtherNodes nodes, Account account) {
        if (!account.isOpen()) {
            return;
        }
        if (!nodes.isAccepting()) {
            account.leaveToOthers();
        } else if (nodes.isCertain()) {
            account.publish();
        } else {
            vertx.setTimer(UNCERTAIN_MILLIS, passed -> of(vertx, nodes, account));
        }
    }
}
