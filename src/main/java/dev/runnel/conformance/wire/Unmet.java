package dev.runnel.conformance.wire;

/** What came is not what the contract says. The message may have a key in it, until a transcript hides it. */
public final class Unmet extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Unmet(String expected, Object came) {
        super("expected " + expected + ", but came: " + came, null, false, false);
    }
}
