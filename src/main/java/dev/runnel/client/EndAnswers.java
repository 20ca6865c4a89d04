package dev.runnel.client;

import dev.runnel.message.Ended;
import io.vertx.core.eventbus.Message;
import java.util.Optional;
import java.util.function.Consumer;

/** Answers generators on other nodes, which publish an end when its consumer has it. On the client's context. */
record EndAnswers(KnownGenerations generations, Optional<AcknowledgedEnds> acknowledged) {

    private static final int GOES_ON = 1;

    /**
     * Processes an end and answers. The answer is a failure if the consumer goes on with the generation, or has
     * published a record itself. The generator does not publish the end then.
     *
     * @param receiver processes it
     */
    void receive(Message<Object> message, Ended end, Consumer<Ended> receiver) {
        String id = end.generationId();
        if (generations.isPublished(id)) {
            message.fail(BusFailures.DECIDED, "the consumer has published the end itself");
            return;
        }
        ClientGeneration known = generations.find(id);
        String node =
                known == null ? acknowledged.map(ends -> ends.generatorNode(id)).orElse("") : known.generatorNode();
        receiver.accept(end);
        if (!generations.hasEndOf(id, end.epoch())) {
            message.fail(GOES_ON, "the generation goes on");
        } else if (acknowledged.isPresent()
                && !node.isEmpty()
                && message.headers().contains(Ended.CONFIRMS)) {
            acknowledged.get().acknowledge(message, end, node);
        } else {
            message.reply(null);
        }
    }
}
