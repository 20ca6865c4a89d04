package dev.runnel.http.connection;

import dev.runnel.metric.ConnectionMeters;
import dev.runnel.metric.ConnectionMeters.Limit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections of a port. Over a limit it closes the one that was idle longest without a valid key, else the
 * newest. Every operation needs the same short time, however many connections are open. One for all verticle instances
 * of the port; thread-safe.
 */
public final class ConnectionAccount {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionAccount.class);

    private final ConnectionLimits limits;
    private final ConnectionMeters meters;
    /** The name of the limit of all connections. */
    private final Limit ofAll;

    // Guarded by this, with the fields of the entries and groups.
    private final Group all = new Group();
    private final Map<String, Group> addresses = new HashMap<>();
    private int withoutKey;

    /** Connections that have a limit together. */
    private static final class Group {

        private int size;
        /** Idle connections without a valid key, the longest idle one first. */
        private final Set<Entry> idle = new LinkedHashSet<>();
    }

    /** One connection. */
    static final class Entry {

        private final String address;
        private final Runnable close;
        private final List<Group> groups;
        private boolean isCounted = true;
        private boolean hasKey;

        private Entry(String address, Runnable close, List<Group> groups) {
            this.address = address;
            this.close = close;
            this.groups = groups;
        }
    }

    private record Closing(Entry entry, Limit limit) {}

    /** The account of the service port. */
    public ConnectionAccount(ConnectionLimits limits, ConnectionMeters meters) {
        this(limits, meters, Limit.TOTAL);
    }

    private ConnectionAccount(ConnectionLimits limits, ConnectionMeters meters, Limit ofAll) {
        this.limits = limits;
        this.meters = meters;
        this.ofAll = ofAll;
    }

    /** The account of the management port, which knows no keys. */
    static ConnectionAccount ofManagement(ConnectionMeters meters) {
        return new ConnectionAccount(ConnectionLimits.ofManagement(), meters, Limit.MANAGEMENT);
    }

    /**
     * Counts a new connection. Over a limit one connection is closed, perhaps this one.
     *
     * @param address the client's IP address
     * @param close closes the new connection, if it is to be closed; called on any event loop
     */
    Entry opened(String address, Runnable close) {
        boolean isTrusted = limits.isTrusted(address);
        List<Closing> closings = new ArrayList<>();
        Entry entry = add(address, isTrusted, close, closings);
        closings.forEach(this::close);
        return entry;
    }

    private synchronized Entry add(String address, boolean isTrusted, Runnable close, List<Closing> closings) {
        Group own = isTrusted ? new Group() : addresses.computeIfAbsent(address, first -> new Group());
        Entry entry = new Entry(address, close, List.of(all, own));
        entry.groups.forEach(group -> group.size++);
        withoutKey++;
        if (!isTrusted && own.size > limits.perAddress()) {
            closings.add(closing(own, entry, Limit.ADDRESS));
        }
        if (all.size > limits.total()) {
            closings.add(closing(all, entry, ofAll));
        }
        if (withoutKey > limits.withoutKey()) {
            closings.add(closing(all, entry, Limit.WITHOUT_KEY));
        }
        idle(entry);
        return entry;
    }

    private Closing closing(Group group, Entry newest, Limit limit) {
        Entry chosen = group.idle.isEmpty() ? newest : group.idle.iterator().next();
        closed(chosen);
        return new Closing(chosen, limit);
    }

    private void close(Closing closing) {
        meters.closed(closing.limit());
        LOG.atWarn().addKeyValue("client", closing.entry().address).log(message(closing.limit()));
        closing.entry().close.run();
    }

    /** The same text for each connection of a limit, so that the log counts its repetitions. */
    private String message(Limit limit) {
        return switch (limit) {
            case TOTAL -> "connection closed: more than " + limits.total() + " are open (http.connections)";
            case ADDRESS ->
                "connection closed: more than " + limits.perAddress()
                        + " are open from one address (http.connectionsPerAddress)";
            case WITHOUT_KEY ->
                "connection closed: more than " + limits.withoutKey()
                        + " are open without a valid API key (http.connectionsWithoutKey)";
            case MANAGEMENT -> "connection closed: more than " + limits.total() + " are open to the management port";
        };
    }

    synchronized void busy(Entry entry) {
        entry.groups.forEach(group -> group.idle.remove(entry));
    }

    synchronized void idle(Entry entry) {
        if (entry.isCounted && !entry.hasKey) {
            entry.groups.forEach(group -> group.idle.add(entry));
        }
    }

    synchronized void authenticated(Entry entry) {
        if (entry.isCounted && !entry.hasKey) {
            entry.hasKey = true;
            withoutKey--;
            busy(entry);
        }
    }

    /** Idempotent: a connection that was closed because of a limit is no longer counted, and reports its end later. */
    synchronized void closed(Entry entry) {
        if (!entry.isCounted) {
            return;
        }
        entry.isCounted = false;
        withoutKey -= entry.hasKey ? 0 : 1;
        busy(entry);
        entry.groups.forEach(group -> group.size--);
        Group own = addresses.get(entry.address);
        if (own != null && own.size == 0) {
            addresses.remove(entry.address);
        }
    }
}
