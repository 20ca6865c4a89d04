package dev.runnel.message;

/** What a generator sends to a consumer's inbox: one generation's messages are numbered from 0 without a gap. */
public sealed interface InboxMessage permits Delta, Finished, Failed {

    String generationId();

    long sequence();
}
