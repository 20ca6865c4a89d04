package dev.runnel.conformance.wire;

/** What came is not what the contract says. */
public final class Unmet extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final int MAX_SHOWN = 300;

    private final String expected;
    private final String came;

    public Unmet(String expected, Object came) {
        super("expected " + expected + ", but came: " + cut(came), null, false, false);
        this.expected = expected;
        this.came = cut(came);
    }

    public String expected() {
        return expected;
    }

    public String came() {
        return came;
    }

    private static String cut(Object value) {
        String text = String.valueOf(value);
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }
}
