package dev.runnel.config.tree;

import java.util.List;

/** The configuration cannot be used. The message lists everything that is wrong with it. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final List<String> complaints;

    /** @param complaints one line each, at least one; none contains a secret */
    public ConfigException(List<String> complaints) {
        super(String.join(System.lineSeparator(), complaints));
        this.complaints = List.copyOf(complaints);
    }

    ConfigException(String complaint) {
        this(List.of(complaint));
    }

    /** One line each: {@code http.port: 70000 (expected: 0 … 65535)}. */
    public List<String> complaints() {
        return complaints;
    }
}
