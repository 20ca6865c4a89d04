package dev.runnel.message;

/**
 * How far the messages of a generation were sent to one inbox on another node, a second ago or earlier. A receiver that
 * has fewer has lost some of them, with a connection that broke.
 *
 * @param generationId {@code gen_…}
 * @param run which messages: the epoch of the generator that sends them. For what a guardian sends to readers on
 *     another node, the number of the first of these readers, see {@link Attach#reader()}
 * @param next the number after that of the last message, see {@link NumberedMessage#sequence()}
 */
public record SentText(String generationId, long run, long next) {}
