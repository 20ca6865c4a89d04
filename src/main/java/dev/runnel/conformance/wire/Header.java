package dev.runnel.conformance.wire;

/** One line of a head. */
public record Header(String name, String value) {

    boolean isNamed(String other) {
        return name.equalsIgnoreCase(other);
    }
}
