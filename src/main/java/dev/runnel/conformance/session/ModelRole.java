package dev.runnel.conformance.session;

/** What a model of the run does. */
public enum ModelRole {
    /** Generates a text of ten tokens or more. */
    TEXT,
    /** Repeats a prompt, or writes characters of several bytes for another reason. */
    UNICODE,
    /** Generates for several seconds. */
    SLOW,
    /** Sends no token for several seconds. */
    SILENT,
    /** Runs one generation at a time, for several seconds. */
    SINGLE,
    /** Fails after some text. */
    FAILING,
    /** Fails before its first token. */
    DEAD
}
