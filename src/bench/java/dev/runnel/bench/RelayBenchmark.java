package dev.runnel.bench;

import dev.runnel.bench.relay.ChatCost;
import dev.runnel.bench.relay.Effort;
import dev.runnel.bench.relay.Figure;
import dev.runnel.bench.relay.FirstLoad;
import dev.runnel.bench.relay.FirstToken;
import dev.runnel.bench.relay.Leaving;
import dev.runnel.bench.relay.LongText;
import dev.runnel.bench.relay.MetricsCost;
import dev.runnel.bench.relay.OpenStreams;
import dev.runnel.bench.relay.Rig;
import dev.runnel.bench.relay.Row;
import dev.runnel.bench.relay.Scrapes;
import dev.runnel.bench.relay.WarmLoad;
import dev.runnel.bench.relay.WireBytes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What relaying costs: an upstream, Runnel with keys, limits and metrics, nginx beside it where it is installed, and a
 * reader, each a process of its own on this machine. Servers take turns on the same work, so that ratios hold on a
 * noisy machine. Prints a table of performance/results.md; progress goes to standard error.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.RelayBenchmark
 * [-Dexec.args="--rounds 3 --small warm text token leave wire metrics chat scrape first open"]}
 */
@Command(name = "RelayBenchmark", mixinStandardHelpOptions = true, description = "Measures what relaying costs.")
public final class RelayBenchmark implements Callable<Integer> {

    /** What can be measured, in its order: last what needs a service that is not warm. */
    enum Name {
        WARM,
        TEXT,
        TOKEN,
        LEAVE,
        WIRE,
        METRICS,
        CHAT,
        SCRAPE,
        FIRST,
        OPEN
    }

    @Option(names = "--rounds", defaultValue = "3", description = "How often (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--small", description = "A tenth of the streams, to see that it works.")
    private boolean small;

    @Parameters(arity = "0..*", description = "Which figures; all without any: ${COMPLETION-CANDIDATES}.")
    private List<Name> names = new ArrayList<>();

    public static void main(String[] args) {
        // Also where this one is interrupted, or fails half-way.
        Runtime.getRuntime().addShutdownHook(new Thread(RelayBenchmark::endChildren));
        int status = new CommandLine(new RelayBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() throws Exception {
        Set<Name> chosen = names.isEmpty() ? EnumSet.allOf(Name.class) : EnumSet.copyOf(names);
        try (Rig rig = Rig.start(RelayBenchmark::progress)) {
            System.out.println(Row.HEAD);
            for (Name name : chosen) {
                progress(name.name().toLowerCase(Locale.ROOT));
                figure(name).measure(rig, new Effort(rounds, small)).forEach(row -> System.out.println(row.markdown()));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%nMedian (least … most) of %d rounds. %d streams, broken promises: %s. %d cores, Java %s.%n",
                    rounds,
                    rig.streams(),
                    rig.broken().isEmpty() ? "none" : rig.broken(),
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version());
            return rig.broken().isEmpty() ? 0 : 1;
        }
    }

    private static void endChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroy);
    }

    private static void progress(String line) {
        System.err.println(line);
    }

    private static Figure figure(Name name) {
        return switch (name) {
            case WARM -> new WarmLoad();
            case TEXT -> new LongText();
            case TOKEN -> new FirstToken();
            case LEAVE -> new Leaving();
            case WIRE -> new WireBytes();
            case METRICS -> new MetricsCost();
            case CHAT -> new ChatCost();
            case SCRAPE -> new Scrapes();
            case FIRST -> new FirstLoad();
            case OPEN -> new OpenStreams();
        };
    }
}
