package dev.runnel.bench;

import dev.runnel.bench.relay.Effort;
import dev.runnel.bench.relay.SlowClientsComparison;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What slow clients do to the others: 1,000 clients read for two minutes, alone and beside 1,000 clients that never
 * read and 200 that send their requests byte by byte. Prints a table; exits with status 1 if a client that reads
 * nothing was not disconnected in time, or a stream of the others was broken.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.SlowClientsBenchmark [-Dexec.args="--rounds 5 --small alone beside memory"]}
 */
@Command(
        name = "SlowClientsBenchmark",
        mixinStandardHelpOptions = true,
        description = "Measures what slow clients do to the others.")
public final class SlowClientsBenchmark implements Callable<Integer> {

    @Option(names = "--rounds", defaultValue = "5", description = "How often (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--small", description = "A tenth of the clients, to see that it works.")
    private boolean small;

    @Parameters(arity = "0..*", description = "The runs of a round: ${COMPLETION-CANDIDATES} (default: all).")
    private List<SlowClientsComparison.Run> runs = List.of(SlowClientsComparison.Run.values());

    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(SlowClientsBenchmark::endChildren));
        System.exit(new CommandLine(new SlowClientsBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws Exception {
        return new SlowClientsComparison(new Effort(rounds, small), runs, System.out::println).run() ? 0 : 1;
    }

    private static void endChildren() {
        ProcessHandle.current().children().forEach(ProcessHandle::destroy);
    }
}
