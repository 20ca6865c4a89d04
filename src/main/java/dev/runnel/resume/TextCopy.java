package dev.runnel.resume;

import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Delta;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.Part;
import dev.runnel.message.SentText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/**
 * The copy of a text whose guardian is on another node, for the readers on one context. It lives while it has a reader
 * or a reader is being attached.
 */
final class TextCopy {

    private static final Failure GAP = Failure.of(
            FailureCode.CLUSTER, "a part of the text was lost between two nodes; resume it, or send the request again");

    private static final Failure GUARDIAN_GONE = Failure.of(
            FailureCode.CLUSTER, "the node that kept the generation is gone; resume it, or send the request again");

    private final long number;
    private final KeptGeneration kept;
    private final String node;
    private final Holding memory;
    private final LaneReaders readers = new LaneReaders();
    private final Promise<Void> gone = Promise.promise();
    /** Completes when the text so far is here. */
    private final Promise<Void> filled = Promise.promise();

    private long nextSequence = 1;
    private long neededBytes = Long.MAX_VALUE;
    private int users;
    /** Before the guardian's first answer, messages may come that were sent to an earlier copy. */
    private boolean isOpen;

    /** Of the first reader: the guardian numbers its messages from 1 for this one. */
    private long firstReader;

    private boolean isEnded;

    /**
     * An empty copy.
     *
     * @param number higher than that of an earlier copy
     * @param kept where the text is
     * @param memory of the text
     */
    TextCopy(long number, KeptGeneration kept, Holding memory) {
        this.number = number;
        this.kept = kept;
        this.node = kept.node();
        this.memory = memory;
    }

    long number() {
        return number;
    }

    KeptGeneration kept() {
        return kept;
    }

    boolean isOf(String other) {
        return node.equals(other);
    }

    /** A reader is attached, or is going to be. */
    void use() {
        users++;
    }

    /** A reader has left, or was not attached; returns whether it was the last. */
    boolean leave(Attachment reader) {
        readers.remove(reader);
        users--;
        if (users == 0) {
            memory.close();
        }
        return users == 0;
    }

    /**
     * Adds a reader.
     *
     * @param number of the reader, for the guardian
     * @param bytes the length of the text so far at the guardian, in bytes of UTF-8
     * @return completes when so much of the text is here
     */
    Future<Attachment> add(Attachment reader, long number, long bytes) {
        firstReader = isOpen ? firstReader : number;
        isOpen = true;
        readers.add(reader);
        kept.outcome().ifPresent(reader::ended);
        neededBytes = Math.min(neededBytes, bytes);
        fill();
        return filled.future().map(reader);
    }

    private void fill() {
        if (isEnded || kept.text().utf8Length() >= neededBytes) {
            filled.tryComplete();
        }
    }

    /** An answer of the guardian. It fails at once if the guardian is gone: a message to a dead node has no answer. */
    <T> Future<T> unlessGone(Future<T> answer) {
        Promise<T> first = Promise.promise();
        gone.future().onSuccess(now -> first.tryFail(AttachException.guardianGone()));
        answer.onSuccess(first::tryComplete).onFailure(first::tryFail);
        return first.future();
    }

    /** What the guardian has sent. */
    void receive(InboxMessage message) {
        if (message instanceof Delta delta) {
            append(delta);
        } else if (message instanceof Part part) {
            append(part);
        } else if (message instanceof Finished finished) {
            ended(finished.sequence(), Future.succeededFuture(finished));
        } else if (message instanceof Failed failed) {
            ended(failed.sequence(), failed(failed.failure()));
        }
    }

    /** The guardian has sent so much. If less has come by now, that is a gap. */
    void compare(SentText sent) {
        if (isOpen && sent.run() == firstReader && sent.next() > nextSequence) {
            end(failed(GAP));
        }
    }

    /** The next piece. A gap, and a text over the bounds of memory, end all readers. */
    private void append(Delta delta) {
        if (isNext(delta.sequence()) && holds(kept.text().growthFor(delta.text()))) {
            kept.text().append(delta.text());
            fill();
            readers.advanced();
        }
    }

    /** The next part, as {@link #append(Delta)}. */
    private void append(Part part) {
        if (isNext(part.sequence()) && holds(kept.text().growthFor(part.json()))) {
            kept.text().append(part.kind(), part.json());
            readers.advanced();
        }
    }

    private boolean isNext(long sequence) {
        if (isEnded || !isOpen) {
            return false;
        }
        if (sequence != nextSequence) {
            end(failed(GAP));
            return false;
        }
        nextSequence++;
        return true;
    }

    private boolean holds(int grown) {
        Optional<HeldBytes.Bound> refusal = grown == 0 ? Optional.empty() : memory.resize(grown);
        refusal.ifPresent(bound -> end(failed(bound.failure())));
        return refusal.isEmpty();
    }

    /** The end that the guardian sent. With a gap before it the text is not complete. */
    private void ended(long sequence, Future<Finished> how) {
        if (isOpen) {
            end(sequence == nextSequence ? how : failed(GAP));
        }
    }

    /** No reader can be served any more. */
    void close() {
        memory.close();
    }

    private boolean end(Future<Finished> how) {
        if (isEnded) {
            return false;
        }
        isEnded = true;
        kept.ended(how);
        filled.tryComplete();
        readers.ended(how);
        return true;
    }

    /** Its readers are to go on at another node; returns whether it had no end before. */
    boolean end(Failure why) {
        return end(failed(why));
    }

    /** Its guardian's node is gone. Another node may have the rest of the text. */
    void guardianGone() {
        gone.tryComplete();
        end(failed(GUARDIAN_GONE));
    }

    private static Future<Finished> failed(Failure failure) {
        return Future.failedFuture(new GenerationException(failure));
    }
}
