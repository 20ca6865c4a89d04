package dev.runnel.engine.openai;

import java.util.OptionalLong;

/**
 * One call of a tool, or a piece of one, as an upstream wrote it.
 *
 * @param json an object on one line
 * @param index the place of the call that the upstream gave it, if any
 * @param id of the call; empty without one, as in later pieces
 * @param isNamed whether it has the name of a function, as first pieces have
 */
record ToolCall(String json, OptionalLong index, String id, boolean isNamed) {

    /** The same call with an index, which it must not have yet. */
    String indexed(long place) {
        boolean hasMembers = json.indexOf('"') >= 0;
        return "{\"index\":" + place + (hasMembers ? "," : "") + json.substring(1);
    }
}
