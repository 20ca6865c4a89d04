package dev.runnel.bench.relay;

/**
 * What a reader is to do: keep so many streams open until so many have ended.
 *
 * @param streams how many at once
 * @param total how many altogether
 * @param tokens how many each
 * @param intervalMicros between two tokens of a stream
 * @param rampMillis over how long the first streams are started
 * @param paced whether tokens have no time in them: their ages are counted from when they were due
 */
public record Load(
        Server server,
        int streams,
        int total,
        int tokens,
        int intervalMicros,
        Form form,
        int rampMillis,
        boolean paced) {

    private static final int SECOND = 1000;

    /**
     * Which server is read.
     *
     * @param port on this machine
     * @param runnel whether it uses Runnel's format, else OpenAI's
     * @param key for the {@code Authorization} header; empty for none
     */
    public record Server(int port, boolean runnel, String key) {}

    /**
     * How a stream is read.
     *
     * @param includeText whether Runnel's events carry the whole text
     * @param gzip whether compression is asked for
     * @param leaveAfter after so many tokens the reader closes the connection; 0 is never
     * @param chat whether Runnel is asked for a chat, and not on its own route
     */
    public record Form(boolean includeText, boolean gzip, int leaveAfter, boolean chat) {}

    /** So many streams, each once, started within a second. */
    public static Load of(int streams, int tokens, int intervalMicros) {
        var form = new Form(true, false, 0, false);
        return new Load(new Server(0, false, ""), streams, streams, tokens, intervalMicros, form, SECOND, false);
    }

    Load at(int port, boolean runnel, String key) {
        var other = new Server(port, runnel, key);
        return new Load(other, streams, total, tokens, intervalMicros, form, rampMillis, paced);
    }

    public Load withTotal(int other) {
        return new Load(server, streams, other, tokens, intervalMicros, form, rampMillis, paced);
    }

    Load withoutText() {
        return read(new Form(false, form.gzip(), form.leaveAfter(), false));
    }

    Load asChat() {
        return read(new Form(false, form.gzip(), form.leaveAfter(), true));
    }

    Load compressed() {
        return read(new Form(form.includeText(), true, form.leaveAfter(), form.chat()));
    }

    Load leavingAfter(int someTokens) {
        return read(new Form(form.includeText(), form.gzip(), someTokens, form.chat()));
    }

    private Load read(Form other) {
        return new Load(server, streams, total, tokens, intervalMicros, other, rampMillis, paced);
    }

    public Load rampedOver(int millis) {
        return new Load(server, streams, total, tokens, intervalMicros, form, millis, paced);
    }

    /** The tokens come at their interval, from an engine that does not write the time into them. */
    public Load withPace() {
        return new Load(server, streams, total, tokens, intervalMicros, form, rampMillis, true);
    }

    /** How long it takes at least. */
    int leastMillis() {
        int each = form.leaveAfter() > 0 ? form.leaveAfter() : tokens;
        return rampMillis + (total + streams - 1) / streams * each * (intervalMicros / 10) / 100;
    }
}
