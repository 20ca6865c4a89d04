package dev.runnel.conformance;

import dev.runnel.conformance.session.Setup;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run does.
 *
 * @param isJson whether standard output gets a JSON document in place of TAP
 * @param report the file that gets the results as JUnit XML
 */
public record Options(Setup setup, Selection selection, boolean isJson, Optional<Path> report) {}
