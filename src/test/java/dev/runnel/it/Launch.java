package dev.runnel.it;

/** How the service under test runs. */
public enum Launch {
    /** {@code Runnel.start} in the test's process. */
    IN_PROCESS,
    /** {@code java -jar runnel.jar serve}. */
    JAR
}
