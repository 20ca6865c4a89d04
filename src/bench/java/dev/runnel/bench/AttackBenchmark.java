package dev.runnel.bench;

import dev.runnel.bench.attack.AttackRun;
import dev.runnel.bench.attack.AttackRun.Name;
import dev.runnel.bench.attack.AttackRun.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What other clients notice of an attack on the packaged service: their first token, the age of their events, the
 * answers of the management port. Prints a line for each attack; exits with status 1 if a service does not live after
 * it, or did not do what it promises.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.AttackBenchmark [-Dexec.args="a1 a4 target/runnel.jar"]}. The arguments are the
 * attacks, {@code a1} to {@code a5} or {@code all}, and the jar.
 */
public final class AttackBenchmark {

    private static final String ALL = "ALL";

    private AttackBenchmark() {}

    public static void main(String[] args) throws IOException {
        // Also where this process is interrupted, or fails halfway.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroy)));
        Set<Name> names = EnumSet.noneOf(Name.class);
        Path jar = Path.of("target", "runnel.jar");
        for (String argument : args) {
            if (argument.endsWith(".jar")) {
                jar = Path.of(argument);
            } else if (!argument.equalsIgnoreCase(ALL)) {
                names.add(Name.valueOf(argument.toUpperCase(Locale.ROOT)));
            }
        }
        boolean isRight = true;
        for (Name name : names.isEmpty() ? EnumSet.allOf(Name.class) : names) {
            Result result = AttackRun.of(name, jar);
            System.out.println(result.line());
            isRight &= result.isRight();
        }
        System.exit(isRight ? 0 : 1);
    }
}
