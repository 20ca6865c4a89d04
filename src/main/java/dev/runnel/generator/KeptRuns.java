package dev.runnel.generator;

import dev.runnel.client.TextSoFarBuilder;
import dev.runnel.config.ResumeConfig;
import dev.runnel.memory.HeldBytes;
import dev.runnel.memory.Holding;
import dev.runnel.message.Continuation;
import dev.runnel.message.Delta;
import dev.runnel.message.Ended;
import dev.runnel.message.Finished;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.KeptText;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.Submit;
import dev.runnel.metric.CopyMeters;
import dev.runnel.text.TextSoFar;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the generators of this process keep of resumable generations whose guardians are on other nodes. The bounds are
 * those of {@code resume}. Over a bound the oldest ended one is dropped first, and then the newest is not kept. Any
 * thread.
 */
public final class KeptRuns {

    private final ResumeConfig config;
    private final HeldBytes memory;
    private final CopyMeters meters;
    private final Consumer<String> forgotten;

    // Guarded by this.
    private final Set<KeptRun> running = new HashSet<>();
    /** In the order of their ends. */
    private final Set<KeptRun> ended = new LinkedHashSet<>();

    private long bytes;

    /**
     * Keeps nothing yet.
     *
     * @param memory the account of running texts
     * @param forgotten receives the id of each generation that has lost its guardian and is not kept any more
     */
    public KeptRuns(ResumeConfig config, HeldBytes memory, CopyMeters meters, Consumer<String> forgotten) {
        this.config = config;
        this.memory = memory;
        this.meters = meters;
        this.forgotten = forgotten;
        meters.show(this::count, this::bytes);
    }

    /** How long a generation runs on without a guardian. */
    Duration grace() {
        return config.grace();
    }

    /** How long an ended one is kept. */
    Duration retention() {
        return config.retention();
    }

    /** Keeps one more run, if there is room. */
    Optional<KeptRun> open(String id, Submit submit) {
        Object place = new Object();
        KeptRun run = new KeptRun(
                this,
                id,
                submit.withContinuation(Continuation.NONE),
                new Holding(memory, HeldBytes.Kind.TEXTS, submit.origin().keyId(), place));
        return enter(run) && run.start(submit.continuation().textSoFar()) ? Optional.of(run) : Optional.empty();
    }

    private synchronized boolean enter(KeptRun run) {
        while (running.size() + ended.size() >= config.maxGenerations()) {
            if (!closeOldest()) {
                meters.refused();
                return false;
            }
        }
        return running.add(run);
    }

    /** A running one has this size now; returns whether there is room. Else it is closed. */
    synchronized boolean hold(KeptRun run, long size) {
        bytes += size - run.bytes;
        run.bytes = size;
        while (bytes > config.maxBytes() && closeOldest()) {
            // One text less each time.
        }
        if (bytes <= config.maxBytes() && run.memory.resize(size).isEmpty()) {
            return true;
        }
        close(run);
        meters.refused();
        return false;
    }

    private boolean closeOldest() {
        Optional<KeptRun> oldest = ended.stream().findFirst();
        oldest.ifPresent(this::close);
        return oldest.isPresent();
    }

    /** From now on the bounds of kept texts are enough. */
    synchronized void ended(KeptRun run) {
        if (running.remove(run)) {
            ended.add(run);
            run.memory.close();
        }
    }

    synchronized void close(KeptRun run) {
        if (running.remove(run) || ended.remove(run)) {
            bytes -= run.bytes;
            run.bytes = 0;
            run.memory.close();
        }
        run.drop();
    }

    /** No node keeps it any more. */
    void forgotten(String id) {
        forgotten.accept(id);
    }

    synchronized int count() {
        return running.size() + ended.size();
    }

    synchronized long bytes() {
        return bytes;
    }

    /**
     * What is kept of one run for another guardian: the request, the text, and the end. Belongs to the generator's
     * context. An ended one may be dropped on any thread.
     */
    static final class KeptRun {

        private final KeptRuns all;
        private final String id;
        /** After the end without the prompt. */
        private Submit submit;
        /** Nothing after {@link #drop}. */
        private volatile @Nullable TextSoFarBuilder builder = new TextSoFarBuilder();

        private @Nullable Finished end;
        private @Nullable Ended account;

        /** Under the lock of {@link KeptRuns}, as is the next. */
        long bytes;

        final Holding memory;

        /** @param memory of no bytes yet */
        KeptRun(KeptRuns all, String id, Submit submit, Holding memory) {
            this.all = all;
            this.id = id;
            this.submit = submit;
            this.memory = memory;
        }

        /** Keeps the text of earlier runs; returns whether there is room. */
        boolean start(TextSoFar before) {
            TextSoFarBuilder text = builder;
            if (text != null) {
                text.append(before);
            }
            return text != null && all.hold(this, text.capacity());
        }

        /** Whether a guardian could go on with it. */
        boolean isKept() {
            return builder != null;
        }

        /** Keeps a message. After a part the rest of an answer has no meaning as text, so nothing is kept of it. */
        void append(NumberedMessage message) {
            TextSoFarBuilder text = builder;
            if (text == null) {
                return;
            }
            if (!(message instanceof Delta delta)) {
                close();
                return;
            }
            long before = text.capacity();
            text.append(delta);
            if (text.capacity() > before) {
                all.hold(this, text.capacity());
            }
        }

        /** It has ended. A failed one is not kept: it has freed its key. */
        void ended(@Nullable Finished finished, Ended ended) {
            if (finished == null) {
                close();
            } else {
                end = finished;
                account = ended;
                submit = submit.withoutPrompt();
                all.ended(this);
            }
        }

        /** What a new guardian goes on with, after the end without the prompt; empty if nothing is kept any more. */
        Optional<Submit> submit(String inbox, int epoch, long sequence) {
            TextSoFarBuilder text = builder;
            if (text == null) {
                return Optional.empty();
            }
            return Optional.of(
                    submit.withInbox(inbox).withContinuation(new Continuation(id, epoch, sequence, text.snapshot())));
        }

        /** The text so far, and the end; empty if nothing is kept any more. */
        Optional<KeptText> text() {
            return Optional.ofNullable(builder)
                    .map(text -> new KeptText(text.snapshot().text(), end == null ? List.of() : List.of(end)));
        }

        /** The messages after the text, if it has ended. */
        List<InboxMessage> end(int epoch) {
            return end == null || account == null ? List.of() : List.of(end.withEpoch(epoch), account.withEpoch(epoch));
        }

        /** Nothing is kept from now on. */
        void close() {
            all.close(this);
        }

        void drop() {
            builder = null;
        }
    }
}
