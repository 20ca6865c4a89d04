package dev.runnel.resume;

import dev.runnel.client.BusFailures;
import dev.runnel.client.Inbox;
import dev.runnel.message.Attach;
import dev.runnel.message.Delta;
import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Part;
import dev.runnel.text.EscapedText;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import dev.runnel.text.PieceReader;
import dev.runnel.text.PlacedPart;
import io.vertx.core.AsyncResult;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The readers of one generation at one other client, which gets each message once. A client on another node gets the
 * text, with numbers from 1 on. While too much is under way to it, the rest waits in the text. A client in this process
 * shares the text, and gets each message as a signal that there is more. Belongs to the guardian's context.
 */
final class InboxReaders {

    /** Of one message with text. */
    private static final int PIECE_BYTES = 64 * 1024;

    private static final Failure GIVEN_UP = Failure.of(
            FailureCode.CLUSTER, "the node of the stream was not heard by the one that keeps its text; resume it");

    private final KeptGeneration kept;
    private final Inbox inbox;
    private final String node;
    private final long copy;
    private final Consumer<InboxReaders> onGone;
    private final PieceReader rest;
    private final Runnable writable = this::sendRest;
    private final Set<Long> readers = new HashSet<>();
    /** Those that read the text as it is now: they do not count. */
    private final Set<Long> looks = new HashSet<>();

    private long nextSequence = 1;
    private boolean isEndSent;
    private boolean isClosed;

    /**
     * Without a reader yet.
     *
     * @param first the reader that is to be added first
     * @param onGone receives these when the inbox is not registered any more
     */
    InboxReaders(KeptGeneration kept, Inbox inbox, Attach first, Consumer<InboxReaders> onGone) {
        this.kept = kept;
        this.inbox = inbox;
        this.node = first.node();
        this.copy = first.copy();
        this.onGone = onGone;
        this.rest = new PieceReader(kept.text());
    }

    void add(Attach reader) {
        (reader.isLook() ? looks : readers).add(reader.reader());
    }

    /** One has left; returns whether it counted as a reader. */
    boolean remove(long number) {
        looks.remove(number);
        return readers.remove(number);
    }

    boolean isEmpty() {
        return readers.isEmpty() && looks.isEmpty();
    }

    /** How many there are, without those that only look. */
    int count() {
        return readers.size();
    }

    /** Whether these have left: the client has begun a new copy of the text. */
    boolean isBefore(Attach reader) {
        return copy < reader.copy();
    }

    boolean isOn(String other) {
        return node.equals(other);
    }

    /** There is more text. */
    void advanced(NumberedMessage signal) {
        if (node.isEmpty()) {
            send(signal);
        } else {
            sendRest();
        }
    }

    /**
     * Sends the text so far to a reader on another node, and the end if there is one.
     *
     * @param sequence the number of the end for a client in this process
     */
    void serve(long sequence) {
        if (node.isEmpty()) {
            kept.outcome().ifPresent(how -> send(end(how, sequence)));
        } else {
            sendRest();
        }
    }

    private void sendRest() {
        while (!isClosed && !inbox.isFull()) {
            InboxMessage next = next();
            if (next == null) {
                return;
            }
            send(next);
        }
        if (!isClosed) {
            inbox.whenWritable(writable);
        }
    }

    private @Nullable InboxMessage next() {
        EscapedText piece = rest.text(PIECE_BYTES);
        if (!piece.isEmpty()) {
            return new Delta(kept.id(), nextSequence++, piece, 0);
        }
        PlacedPart part = rest.part();
        if (part != null) {
            return new Part(kept.id(), nextSequence++, part.kind(), part.json(), 0);
        }
        if (isEndSent) {
            return null;
        }
        // The number shows a copy whether it has the whole text.
        InboxMessage end = kept.outcome().map(how -> end(how, nextSequence)).orElse(null);
        isEndSent = end != null;
        return end;
    }

    private InboxMessage end(AsyncResult<Finished> how, long number) {
        return how.succeeded() ? how.result().numbered(number) : new Failed(kept.id(), number, failureOf(how.cause()));
    }

    /** Why a generation has failed, for its readers. */
    static Failure failureOf(Throwable cause) {
        return cause instanceof GenerationException known
                ? known.failure()
                : Failure.of(FailureCode.ENGINE_FAILED, "the generation failed; try again");
    }

    private void send(InboxMessage message) {
        inbox.send(message).onFailure(failure -> {
            // After a connection that broke, the readers are there: they notice what they miss.
            if (node.isEmpty() || BusFailures.hasNoReceiver(failure)) {
                onGone.accept(this);
            }
        });
    }

    /** The readers' node was not heard for some time. If it is there, they go on elsewhere. */
    void giveUp() {
        if (!node.isEmpty() && !isEndSent) {
            isEndSent = true;
            send(new Failed(kept.id(), nextSequence, GIVEN_UP));
        }
        close();
    }

    /** Nothing more is sent. A second call has no effect. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            inbox.leave(writable);
        }
    }
}
