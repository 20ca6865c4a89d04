package dev.runnel.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK, or a JRE, on this machine.
 *
 * @param home its folder
 */
record Jdk(Path home) {

    /** The first one that writes and uses an AOT cache in one step (JEP 514). */
    static final int WITH_AOT_CACHE = 25;

    private static final String VARIABLE = "RUNNEL_TEST_JDK25";

    /** The one on which the packaged jar runs: that of {@code -Drunnel.jdk}, else that of the tests. */
    static Jdk ofTheJar() {
        return new Jdk(Path.of(System.getProperty("runnel.jdk", System.getProperty("java.home"))));
    }

    /**
     * One with AOT caches: that of {@code RUNNEL_TEST_JDK25}, that of the tests, or the first one installed beside it.
     * Without one its tests skip and say so; where the variable {@code CI} is set they fail.
     */
    static Jdk withAotCache() throws IOException {
        Optional<Jdk> found = candidates().stream()
                .map(Jdk::new)
                .filter(jdk -> jdk.feature() >= WITH_AOT_CACHE)
                .findFirst();
        Needed.installed(
                found.isPresent(),
                "a JDK " + WITH_AOT_CACHE + " or later (named by " + VARIABLE + ", or beside the JDK of the tests)");
        return found.orElseThrow();
    }

    private static List<Path> candidates() throws IOException {
        String named = System.getenv(VARIABLE);
        if (named != null) {
            return List.of(Path.of(named));
        }
        Path own = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> places = new ArrayList<>(List.of(own));
        try (Stream<Path> beside = Files.list(Objects.requireNonNull(own.getParent()))) {
            beside.sorted().forEach(places::add);
        }
        return places;
    }

    /** The number of its release, such as 25; 0 if this is no JDK. */
    private int feature() {
        Properties release = new Properties();
        try (var file = Files.newBufferedReader(home.resolve("release"))) {
            release.load(file);
        } catch (IOException e) {
            return 0;
        }
        String version = release.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }

    /** The command that starts its JVM with these options. */
    List<String> java(List<String> options) {
        List<String> command = new ArrayList<>(List.of(program("java")));
        command.addAll(options);
        return command;
    }

    /** @param name such as {@code jcmd} */
    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }
}
