package dev.runnel.engine.openai;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Gives an index to each call of one stream that has none: clients join the pieces of a call by it. A call with a new
 * id, or with the name of a function and no id, gets the next index. A piece without both belongs to the call before
 * it, unless it is not the first in its array. For one thread.
 */
final class CallIndexes {

    private final Map<String, Long> byId = new HashMap<>();
    private long last;
    private long next;

    /** The calls of one event as an array, each with an index. */
    String json(List<ToolCall> calls) {
        StringJoiner array = new StringJoiner(",", "[", "]");
        boolean isFirst = true;
        for (ToolCall call : calls) {
            boolean isGiven = call.index().isPresent();
            last = isGiven ? call.index().getAsLong() : index(call, isFirst);
            next = Math.max(next, last + 1);
            if (!call.id().isEmpty()) {
                byId.put(call.id(), last);
            }
            array.add(isGiven ? call.json() : call.indexed(last));
            isFirst = false;
        }
        return array.toString();
    }

    private long index(ToolCall call, boolean isFirst) {
        if (!call.id().isEmpty()) {
            return byId.getOrDefault(call.id(), next);
        }
        return isFirst && !call.isNamed() ? last : next;
    }
}
