package dev.runnel.engine.grammar;

/** A schema for which there is no grammar. The message names the place and the rule, and may be shown to the caller. */
public final class SchemaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SchemaException(String path, String fault) {
        super(path + ": " + fault);
    }
}
