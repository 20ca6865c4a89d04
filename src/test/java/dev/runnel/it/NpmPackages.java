package dev.runnel.it;

import java.nio.file.Path;

/** The npm packages that {@code .ci/run} installs for the examples. */
final class NpmPackages {

    static final Path FOLDER = Path.of("target/npm");

    private NpmPackages() {}

    static Path modules() {
        return FOLDER.resolve("node_modules").toAbsolutePath();
    }

    /** Skips the test that calls it, or fails it, unless the package is there. */
    static void require(String name) {
        Needed.program(
                "the npm package " + name + " in target/npm",
                "test",
                "-d",
                modules().resolve(name).toString());
    }
}
