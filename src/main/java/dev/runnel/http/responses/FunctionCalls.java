package dev.runnel.http.responses;

import dev.runnel.text.PartKind;
import dev.runnel.text.Parts;
import dev.runnel.text.PlacedPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The calls of tools of one answer, joined from its parts. For one thread. */
final class FunctionCalls {

    private final String suffix;
    private final Map<Long, FunctionCall> byIndex = new LinkedHashMap<>();
    private int events;

    /** @param suffix of the ids of the response's items */
    FunctionCalls(String suffix) {
        this.suffix = suffix;
    }

    /** The calls of all parts from the reader's place on. */
    static FunctionCalls of(String suffix, Parts.Reader parts) {
        FunctionCalls calls = new FunctionCalls(suffix);
        for (PlacedPart part = parts.poll(); part != null; part = parts.poll()) {
            calls.add(part);
        }
        return calls;
    }

    /**
     * What one piece adds to its call.
     *
     * @param isNew whether the call starts with it
     * @param arguments escaped, perhaps empty
     */
    record Addition(FunctionCall call, boolean isNew, String arguments) {

        /** How many events show it. */
        int events() {
            return (isNew ? 1 : 0) + (arguments.isEmpty() ? 0 : 1);
        }
    }

    /** Adds a part; returns what its pieces add to calls, in their order. A part of another kind has none. */
    List<Addition> add(PlacedPart part) {
        if (part.kind() != PartKind.TOOL_CALLS) {
            return List.of();
        }
        List<Addition> additions = new ArrayList<>(1);
        for (CallPiece piece : CallPiece.read(part.json())) {
            boolean isNew = !byIndex.containsKey(piece.index());
            FunctionCall call = byIndex.computeIfAbsent(
                    piece.index(), index -> new FunctionCall(suffix, byIndex.size(), part.utf8Place() == 0, piece));
            call.add(piece);
            Addition addition = new Addition(call, isNew, piece.arguments());
            events += addition.events();
            additions.add(addition);
        }
        return additions;
    }

    /** How many events have shown them so far. */
    int events() {
        return events;
    }

    boolean isEmpty() {
        return byIndex.isEmpty();
    }

    int count() {
        return byIndex.size();
    }

    Collection<FunctionCall> all() {
        return byIndex.values();
    }

    /** How many of them precede the text: the message's place in the output. */
    int beforeText() {
        return (int) all().stream().filter(FunctionCall::precedesText).count();
    }

    /** The length of their arguments, escaped. */
    int length() {
        return all().stream().mapToInt(FunctionCall::length).sum();
    }

    /** The value of {@code tool_calls} in a chat. */
    String ofChat() {
        return all().stream().map(FunctionCall::ofChat).collect(Collectors.joining(",", "[", "]"));
    }
}
