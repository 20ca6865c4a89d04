package dev.runnel.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks of one class with JMH, and prints time and heap bytes per event as a Markdown table. */
public final class Jmh {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Jmh() {}

    /**
     * Runs them, each in a process of its own.
     *
     * @param args JMH's own command line, which comes before what the class says
     */
    public static void run(Class<?> benchmark, String... args) throws CommandLineOptionException, RunnerException {
        // JMH starts its processes with this; under Maven it would be Maven's own.
        System.setProperty("java.class.path", ClassPath.ofThisProcess());
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(args))
                        .include("^" + Pattern.quote(benchmark.getName() + "."))
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        System.out.println("\n| what | ns | ± | bytes allocated |\n|---|---|---|---|");
        results.forEach(result -> System.out.println(row(result)));
    }

    private static String row(RunResult result) {
        BenchmarkParams params = result.getParams();
        String name = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
        String values = params.getParamsKeys().stream()
                .map(key -> key + " " + params.getParam(key))
                .collect(Collectors.joining(", "));
        Result<?> time = result.getPrimaryResult();
        return String.format(
                Locale.ROOT,
                "| %s, %s | %.1f | %.1f | %.0f |",
                name,
                values,
                time.getScore(),
                time.getScoreError(),
                allocated(result));
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().keySet().stream()
                .filter(name -> name.endsWith(ALLOCATED))
                .mapToDouble(name -> result.getSecondaryResults().get(name).getScore())
                .findFirst()
                .orElse(Double.NaN);
    }
}
