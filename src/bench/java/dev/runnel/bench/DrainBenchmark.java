package dev.runnel.bench;

import dev.runnel.it.DrainRun;
import dev.runnel.it.DrainRun.Plan;
import dev.runnel.it.DrainRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SIGTERM in the middle of 200 streams, again and again, on the packaged jar: every second time with a drain time that
 * all of them can use, else with one that cuts them. Exits with status 1 if a client got what was not promised.
 * Argument: how often (100).
 */
public final class DrainBenchmark {

    private static final Plan ENOUGH_TIME = new Plan(200, 20, "50ms", "30s");
    private static final Plan TOO_LITTLE_TIME = new Plan(200, 4096, "50ms", "300ms");

    private final Samples millisToEnd = new Samples();
    private final Samples millisToCut = new Samples();
    private final List<String> problems = new ArrayList<>();
    private int terminals;
    private int refused;
    private int unheard;

    private DrainBenchmark() {}

    public static void main(String[] args) throws IOException {
        if (System.getProperty("runnel.jar") == null) {
            System.setProperty("runnel.jar", "target/runnel.jar");
        }
        DrainBenchmark benchmark = new DrainBenchmark();
        int times = args.length == 0 ? 100 : Integer.parseInt(args[0]);
        for (int i = 0; i < times; i++) {
            benchmark.round(i);
        }
        benchmark.print(times);
        System.exit(benchmark.problems.isEmpty() ? 0 : 1);
    }

    private void round(int number) throws IOException {
        boolean isEnough = number % 2 == 0;
        Plan plan = isEnough ? ENOUGH_TIME : TOO_LITTLE_TIME;
        Path folder = Files.createTempDirectory("runnel-drain");
        Result result = DrainRun.run(plan, folder);
        (isEnough ? millisToEnd : millisToCut).add((double) result.tookMillis());
        terminals += result.finished() + result.toldToComeBack();
        refused += result.refused();
        unheard += result.unheard();
        complaint(result, isEnough).ifPresent(line -> problems.add("round " + number + ": " + line));
        System.out.println(number + ": " + result);
    }

    private static Optional<String> complaint(Result result, boolean isEnough) {
        boolean isAsPromised = result.problems().isEmpty()
                && result.notReady()
                && result.exitStatus() == (isEnough ? 0 : 1)
                && (isEnough ? result.toldToComeBack() : result.finished()) == 0;
        return isAsPromised ? Optional.empty() : Optional.of(result.toString());
    }

    private void print(int times) {
        System.out.printf(
                "%d times SIGTERM: %d terminal events, %d late requests refused, %d met no listener, %d problems%n",
                times, terminals, refused, unheard, problems.size());
        System.out.println("milliseconds to the end, streams of one second: " + millisToEnd.show("%.0f"));
        if (times > 1) {
            System.out.println("milliseconds to the end, cut after 300 ms:      " + millisToCut.show("%.0f"));
        }
        problems.forEach(System.out::println);
    }
}
