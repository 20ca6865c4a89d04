package dev.runnel.client;

import dev.runnel.message.Failed;
import dev.runnel.message.Finished;
import dev.runnel.message.NumberedMessage;
import dev.runnel.message.SentText;
import dev.runnel.message.SentTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far the generators and guardians of this process have sent texts to other nodes. A connection may break with the
 * last messages of a text in it, and no later one shows that they are lost. So the heartbeats to a node name the texts
 * that have rested for a second. That ends when it has answered one: it has compared them with what has arrived. Any
 * thread.
 */
public final class SentNumbers {

    /** Of running texts to one node, and of ended ones that it has not compared. Above it a text is not compared. */
    static final int MAX_TEXTS = 10_000;
    /** In one heartbeat. The others follow with the next one. */
    static final int MAX_NAMED = 1_000;

    private final Map<String, Set<Text>> byNode = new ConcurrentHashMap<>();

    /**
     * One more text.
     *
     * @param node where it is sent to
     * @param inbox the receiver's address
     * @param sent without a message yet: its number is 0
     */
    Text open(String node, String inbox, SentText sent) {
        Text text = new Text(node, inbox, sent.generationId(), sent.run());
        byNode.compute(node, (name, before) -> {
            Set<Text> texts = before == null ? new LinkedHashSet<>() : before;
            if (texts.size() < MAX_TEXTS) {
                texts.add(text);
            }
            return texts;
        });
        return text;
    }

    private void remove(Text text) {
        byNode.computeIfPresent(text.node, (name, texts) -> {
            texts.remove(text);
            return texts.isEmpty() ? null : texts;
        });
    }

    /** A node has left: nothing of what has ended is compared any more. */
    void left(String node) {
        byNode.computeIfPresent(node, (name, texts) -> {
            texts.removeIf(text -> text.isOver);
            return texts.isEmpty() ? null : texts;
        });
    }

    /**
     * What the next heartbeat to a node names: what has rested since the one before, and was not compared. For one
     * thread.
     *
     * @param node the node's name
     * @return not sent yet
     */
    public Due due(String node) {
        List<Named> named = new ArrayList<>();
        byNode.computeIfPresent(node, (name, texts) -> {
            texts.forEach(text -> text.nameTo(named));
            return texts;
        });
        return new Due(named);
    }

    /**
     * How many texts are known.
     *
     * @return those that run, and those whose ends were not compared yet
     */
    public int size() {
        return byNode.values().stream().mapToInt(Set::size).sum();
    }

    /** A text as a heartbeat names it. */
    private record Named(Text text, long next) {}

    /** What one heartbeat names. */
    public static final class Due {

        private final List<Named> named;

        private Due(List<Named> named) {
            this.named = named;
        }

        /**
         * For the heartbeat.
         *
         * @return by inbox
         */
        public List<SentTexts> texts() {
            Map<String, List<SentText>> byInbox = new LinkedHashMap<>();
            named.forEach(one -> byInbox.computeIfAbsent(one.text().inbox, inbox -> new ArrayList<>())
                    .add(new SentText(one.text().generationId, one.text().run, one.next())));
            return byInbox.entrySet().stream()
                    .map(inbox -> new SentTexts(inbox.getKey(), inbox.getValue()))
                    .toList();
        }

        /** The node has answered the heartbeat. */
        public void compared() {
            named.forEach(one -> one.text().compared(one.next()));
        }
    }

    /** The messages of one text to one inbox. {@link #sent} and {@link #close} belong to the sender's context. */
    final class Text {

        private final String node;
        private final String inbox;
        private final String generationId;
        private final long run;

        private volatile long next;
        private volatile long compared;
        /** Nothing more is sent, and its end may be lost. */
        private volatile boolean isOver;

        private boolean hasEnd;
        /** At the heartbeat before, on its thread. */
        private long before;

        private Text(String node, String inbox, String generationId, long run) {
            this.node = node;
            this.inbox = inbox;
            this.generationId = generationId;
            this.run = run;
        }

        void sent(NumberedMessage message) {
            hasEnd |= message instanceof Finished || message instanceof Failed;
            next = message.sequence() + 1;
        }

        /** Nothing more is sent. Without an end the receiver has left, or goes on without this sender. */
        void close() {
            isOver = true;
            if (!hasEnd || compared == next) {
                remove(this);
            }
        }

        private void nameTo(List<Named> named) {
            long now = next;
            if (now == before && now > compared && named.size() < MAX_NAMED) {
                named.add(new Named(this, now));
            }
            before = now;
        }

        private void compared(long number) {
            compared = number;
            if (isOver && number == next) {
                remove(this);
            }
        }
    }
}
