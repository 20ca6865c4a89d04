package dev.runnel.client;

import dev.runnel.message.InboxMessage;
import dev.runnel.message.SentText;
import io.vertx.core.eventbus.Message;

/**
 * What else the inbox of a {@link GenerationClient} receives. Readers of other clients ask for this client's own
 * generations. Readers of this client get the text of other clients' generations. Called on the client's context.
 */
public interface FurtherReaders {

    /** A message that is not an {@link InboxMessage}, such as {@link dev.runnel.message.Attach}. */
    void receive(Message<?> message);

    /**
     * A message of a generation that the client did not submit.
     *
     * @return whether the generation has a reader here
     */
    boolean receive(InboxMessage message);

    /**
     * A guardian on another node has sent so much of a text. It is lost if it has not come by now.
     *
     * @param sent how far; of a generation that the client did not submit
     */
    void compare(SentText sent);

    /**
     * A node is gone, and the texts that it keeps are lost.
     *
     * @param node the node's name in the cluster
     */
    void nodeGone(String node);

    /**
     * The readers on a node are gone, or have given up.
     *
     * @param node the node's name in the cluster
     * @param absence why. If this process did not run, the node has given up the readers here too
     */
    void readersGone(String node, OtherNodes.Absence absence);

    /**
     * The process stops. Readers of texts that are generated or kept on other nodes end with {@code DRAINING}, and may
     * go on at another node.
     *
     * @return how many texts that were
     */
    int cut();

    /** The client does not read on: its inbox is not registered any more. */
    void closed();
}
