package dev.runnel.http.responses;

/**
 * One call of a tool in an answer, as far as it has arrived. Its texts are escaped. What its
 * first piece leaves out is made from the id of the response, so it is the same on every connection.
 */
final class FunctionCall {

    private final int place;
    private final boolean precedesText;
    private final String itemId;
    private final String callId;
    private String name;
    private final StringBuilder arguments = new StringBuilder();

    /**
     * Starts a call.
     *
     * @param suffix of the ids of the response's items
     * @param place among the calls of the answer
     * @param precedesText whether no text had arrived before it
     * @param first its first piece
     */
    FunctionCall(String suffix, int place, boolean precedesText, CallPiece first) {
        this.place = place;
        this.precedesText = precedesText;
        this.itemId = "fc_" + suffix + "_" + place;
        this.callId = first.id().isEmpty() ? "call_" + suffix + "_" + place : first.id();
        this.name = first.name();
    }

    void add(CallPiece piece) {
        if (name.isEmpty()) {
            name = piece.name();
        }
        arguments.append(piece.arguments());
    }

    boolean precedesText() {
        return precedesText;
    }

    /** @param hasMessage whether the answer has a text */
    int outputIndex(boolean hasMessage) {
        return place + (hasMessage && !precedesText ? 1 : 0);
    }

    String itemId() {
        return itemId;
    }

    /** A string of JSON. */
    String arguments() {
        return "\"" + arguments + "\"";
    }

    int length() {
        return arguments.length();
    }

    /** The item of the output before its arguments arrive. */
    String itemWithoutArguments() {
        return item("in_progress", "\"\"");
    }

    /** The item of the output. */
    String item(String status) {
        return item(status, arguments());
    }

    private String item(String status, String quoted) {
        return "{\"id\":\"" + itemId + "\",\"type\":\"function_call\",\"status\":\"" + status
                + "\",\"async\":null,\"caller\":null,\"namespace\":null,\"call_id\":\"" + callId
                + "\",\"name\":\"" + name + "\",\"arguments\":" + quoted + "}";
    }

    /** The call in the form of a chat. */
    String ofChat() {
        return ofChat("\"" + callId + "\"", "\"" + name + "\"", arguments());
    }

    /** The same of values that are strings of JSON. */
    static String ofChat(String id, String name, String arguments) {
        return "{\"id\":" + id + ",\"type\":\"function\",\"function\":{\"name\":" + name + ",\"arguments\":" + arguments
                + "}}";
    }
}
