package dev.runnel.cli;

import dev.runnel.cli.terminal.Tty;
import dev.runnel.engine.EngineListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * The output of commands. Results (an address, a key) go to standard output; progress and warnings go to standard error
 * or to the log.
 */
final class Console implements EngineListener {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private final PrintStream out;
    private final Consumer<String> lines;
    private final ProgressBar bar;
    private final StartWatch start;

    /** The models of which the files are there. */
    private final Set<String> loading = ConcurrentHashMap.newKeySet();

    /** @param lines receives warnings and notices */
    Console(PrintStream out, Consumer<String> lines, ProgressBar bar, StartWatch start) {
        this.out = out;
        this.lines = lines;
        this.bar = bar;
        this.start = start;
    }

    /** For a single command: writes to the streams of this process. */
    static Console ofProcess() {
        boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
        return new Console(
                System.out,
                System.err::println,
                new ProgressBar(Console::draw, terminal, System::nanoTime),
                new StartWatch(Console::draw, terminal, System::nanoTime));
    }

    /**
     * For the service: writes all but results to the log. On a terminal, progress goes to standard error. Loads JNA, so
     * {@link NativeFolder} comes first.
     */
    static Console ofService() {
        boolean terminal = Tty.isError();
        Consumer<String> progress = terminal ? Console::draw : line -> LOG.info("{}", line.strip());
        return new Console(
                System.out,
                line -> LOG.warn("{}", line),
                new ProgressBar(progress, terminal, System::nanoTime),
                new StartWatch(progress, terminal, System::nanoTime));
    }

    private static void draw(String text) {
        System.err.print(text);
        System.err.flush();
    }

    void result(String text) {
        start.clear();
        out.println(text);
        out.flush();
    }

    void warn(String line) {
        start.clear();
        lines.accept(line);
    }

    /** A step of a command that needs some time. */
    void progress(String line) {
        lines.accept(line);
    }

    /**
     * What the start waits for: models that are opened, other members of the cluster, and the warm-up when there is
     * nothing else.
     *
     * @param clusterProblem why this node accepts no generations; empty if it does
     */
    void waitsFor(List<String> models, Optional<String> clusterProblem) {
        String waits = Stream.concat(
                        models.stream()
                                .map(model ->
                                        (loading.contains(model) ? "loading " : "looking for the file of ") + model),
                        clusterProblem.map(problem -> "waiting for the cluster: " + problem).stream())
                .collect(Collectors.joining(", "));
        start.show(bar.isActive() ? "" : waits.isEmpty() ? "warming up" : waits);
    }

    /** Removes the line of {@link #waitsFor}; returns the seconds since the start. */
    double endOfWait() {
        start.clear();
        return start.seconds();
    }

    @Override
    public void loading(String model) {
        loading.add(model);
    }

    @Override
    public void fetched(String model, long doneBytes, long totalBytes) {
        start.clear();
        bar.show(model, doneBytes, totalBytes);
    }

    @Override
    public void notice(String model, String line) {
        start.clear();
        lines.accept(model + ": " + line);
    }
}
