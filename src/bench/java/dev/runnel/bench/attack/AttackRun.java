package dev.runnel.bench.attack;

import dev.runnel.bench.relay.Service;
import dev.runnel.bench.relay.Service.Packaged;
import dev.runnel.sse.HttpWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One attack: a new service, the others without the attack and beside it, and whether the service lives after it. */
public final class AttackRun {

    /** How long a service may need until it answers after the attack. */
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private static final int OK = 200;
    /** The model that tests of the same build have fetched. */
    private static final Path FETCHED = Path.of("target", "it-data", "models");

    private final Scenario scenario;
    private final Path jar;

    /** What can be attacked. */
    public enum Name {
        /** Headers that are costly to parse. */
        A1,
        /** Bodies that are never complete. */
        A2,
        /** More connections than files. */
        A3,
        /** A queue that few keys keep full. */
        A4,
        /** Long prompts. */
        A5
    }

    /**
     * One line of figures.
     *
     * @param line the figures
     * @param isRight whether the service lives, and what was promised holds
     */
    public record Result(String line, boolean isRight) {}

    private AttackRun(Scenario scenario, Path jar) {
        this.scenario = scenario;
        this.jar = jar;
    }

    /** Measures one attack on a packaged service. */
    public static Result of(Name name, Path jar) throws IOException {
        Result result = new AttackRun(scenario(name), jar).run();
        return new Result(name + ": " + result.line(), result.isRight());
    }

    private static Scenario scenario(Name name) {
        return switch (name) {
            case A1 -> Scenario.headers();
            case A2 -> Scenario.bodies();
            case A3 -> Scenario.connections();
            case A4 -> Scenario.queue();
            case A5 -> Scenario.prompts();
        };
    }

    private Result run() throws IOException {
        Path folder = Files.createTempDirectory("runnel-attack");
        copyModel(folder);
        var packaged = new Packaged(jar.toAbsolutePath(), scenario.by(), scenario.options());
        try (Service service = Service.start(scenario.configuration(), folder, packaged);
                Others others = scenario.others().get()) {
            others.warm(service);
            Figures undisturbed = besideCalm(service, others);
            double before = service.memoryUncollected().residentMebibytes();
            Attack attack = scenario.attack().apply(service);
            Liveness liveness = Liveness.watch(service.managementPort());
            Figures beside;
            double after;
            try (attack;
                    liveness) {
                beside = others.measure(service);
                after = service.memoryUncollected().residentMebibytes();
            }
            boolean lives = lives(service);
            return result(undisturbed, beside, liveness, new double[] {before, after}, attack.counts(), lives);
        }
    }

    /** So that the default model is fetched once for all. */
    private static void copyModel(Path folder) throws IOException {
        if (!Files.isDirectory(FETCHED)) {
            return;
        }
        try (var files = Files.walk(FETCHED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve("models").resolve(FETCHED.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private Figures besideCalm(Service service, Others others) {
        Attack calm = scenario.calm().apply(service);
        try (calm) {
            return others.measure(service);
        }
    }

    /** Whether the process is alive, and generates and says so soon. */
    private static boolean lives(Service service) {
        String request = Posts.generate(service.key("after"), "{\"prompt\":\"hello\",\"maxTokens\":1}");
        try {
            Awaitility.await()
                    .atMost(RECOVERY)
                    .until(() -> Liveness.isLive(service.managementPort()) && generates(service, request));
            return service.isAlive();
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static boolean generates(Service service, String request) {
        try (HttpWire wire = new HttpWire(service.port())) {
            return wire.send(request).answer().status() == OK;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private Result result(
            Figures undisturbed,
            Figures beside,
            Liveness liveness,
            double[] resident,
            Map<String, Integer> attackers,
            boolean lives) {
        double ratio = beside.firstP99() / undisturbed.firstP99();
        String line = String.format(
                Locale.ROOT,
                "undisturbed: %s; beside: %s; ratio of p99 %.2f; liveness: slowest %.0f ms, %d of %d failed;"
                        + " resident %.0f, %.0f MiB; attackers %s; %s",
                undisturbed,
                beside,
                ratio,
                liveness.slowestMillis(),
                liveness.failed(),
                liveness.asked(),
                resident[0],
                resident[1],
                attackers,
                lives ? "lives" : "does not live");
        boolean isServed = scenario.mostRatio() == Double.POSITIVE_INFINITY || beside.served() == beside.asked();
        boolean isRight = lives && isServed && ratio <= scenario.mostRatio() && !attackers.containsKey(scenario.bad());
        return new Result(line, isRight);
    }
}
