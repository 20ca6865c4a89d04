package dev.runnel.simulation;

import dev.runnel.message.Ended;
import dev.runnel.message.InboxMessage;
import dev.runnel.message.NumberedMessage;
import dev.runnel.text.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold of the generations of a cluster, whatever fails. */
final class ClusterRules {

    /** With a client that comes back soon, and the time until a node notices: less than the retention time. */
    private static final int LONG_MILLIS = 7000;

    private final World world;
    private boolean hadLongFault;
    private boolean hadBreak;
    /** The node that runs an epoch of a generation, for each inbox that it sends to. */
    private final Map<String, String> speakers = new HashMap<>();
    /** The longest text that a client has of each generation. */
    private final Map<String, String> texts = new HashMap<>();
    /** Nodes whose HTTP side has served a generation, by its id. */
    private final Map<String, List<String>> served = new HashMap<>();

    /** Nodes whose generators have accepted a generation, by its id. */
    private final Map<String, List<String>> ran = new HashMap<>();

    private final Set<String> dead = new HashSet<>();
    /** The dead ones, and those that did not run or were cut off. */
    private final Set<String> disturbed = new HashSet<>();

    ClusterRules(World world) {
        this.world = world;
    }

    /** A node publishes an account. */
    void published(String node, Ended ended) {
        world.steps().add(node, "publishes the account of epoch " + ended.epoch());
        world.rules().ended(ended.generationId());
        Usage usage = ended.usage();
        int number = Integer.parseInt(ended.requestId().substring(1));
        boolean isCounted = usage.estimated()
                || usage.completionTokens() == 0
                || world.reference().isCounted(number, usage.completionTokens());
        world.rules().check(isCounted, () -> "no run has the usage of the account %s".formatted(ended));
    }

    /** A generator of a node accepts a generation, or goes on with one. */
    void accepted(String node, String id) {
        ran.computeIfAbsent(id, first -> new ArrayList<>()).add(node);
    }

    /** A node sends a message of a generation to a consumer on another node. */
    void spoke(String node, String address, InboxMessage message) {
        boolean isGenerator =
                ran.getOrDefault(message.generationId(), List.of()).contains(node);
        if (!(message instanceof NumberedMessage) || !isGenerator) {
            return;
        }
        String run = message.generationId() + " " + message.epoch() + " " + address;
        String before = speakers.putIfAbsent(run, node);
        world.rules()
                .check(
                        before == null || before.equals(node),
                        () -> "%s and %s both run epoch %d of %s"
                                .formatted(before, node, message.epoch(), message.generationId()));
    }

    void died(String node) {
        dead.add(node);
        disturbed.add(node);
    }

    /** @param millis for so long */
    void stopped(String node, int millis) {
        disturbed.add(node);
        hadLongFault |= millis > LONG_MILLIS;
    }

    /** A connection between two nodes has broken. */
    void broke() {
        hadBreak = true;
    }

    /** Whether a stream may end with {@code code: cluster}. */
    boolean mayMove() {
        return hadBreak || !disturbed.isEmpty();
    }

    /** Whether no node but those with faults can have known a generation, or its retention time may have passed. */
    boolean mayBeGone(String id) {
        return hadLongFault || isOnlyOn(disturbed, id);
    }

    /** Its guardian is the node that has served it first. */
    private boolean isOnlyOn(Set<String> nodes, String id) {
        return nodes.containsAll(ran.getOrDefault(id, List.of()))
                && nodes.contains(served.getOrDefault(id, List.of("")).get(0));
    }

    /** A client is served by a node. */
    void serves(String node, String id) {
        served.computeIfAbsent(id, first -> new ArrayList<>()).add(node);
    }

    /** A client has this text of a generation. No two have contradicting ones. */
    void received(String id, String text) {
        String longest = texts.getOrDefault(id, "");
        boolean isLonger = text.length() > longest.length();
        boolean agree = isLonger ? text.startsWith(longest) : longest.startsWith(text);
        world.rules().check(agree, () -> "two clients have different texts of " + id);
        if (isLonger) {
            texts.put(id, text);
        }
    }

    /** Each generation has an account, unless every node that knew of it has died. */
    void checkEnd() {
        served.keySet()
                .forEach(id -> world.rules()
                        .check(
                                isOnlyOn(dead, id) || world.rules().hasEnded(id),
                                () -> "generation %s has no account".formatted(id)));
    }
}
