package dev.runnel.generator;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Says whose turn it is: who came first. Not thread-safe. */
final class WaitingLine {

    private final Set<Ticket> tickets = new LinkedHashSet<>();

    int size() {
        return tickets.size();
    }

    boolean isEmpty() {
        return tickets.isEmpty();
    }

    void add(Ticket ticket) {
        tickets.add(ticket);
    }

    /** Whose turn it is. Nobody passes it, however long it takes until there is room for it. */
    Optional<Ticket> next() {
        return tickets.stream().findFirst();
    }

    void remove(Ticket ticket) {
        tickets.remove(ticket);
    }
}
