package dev.runnel.cli;

import dev.runnel.Ports;
import dev.runnel.config.RunnelConfig;
import dev.runnel.model.ModelStore;
import dev.runnel.warmup.AotCache;
import dev.runnel.warmup.AotTraining;
import dev.runnel.warmup.JvmAot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes an AOT cache of this jar for this JVM. */
@Command(
        name = "train",
        description = "Makes an AOT cache of this jar, with which the service starts faster (JDK 25 or later).",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

    private static final int MIN_SECONDS = 2;
    private static final int MAX_SECONDS = 300;
    private static final double MEGABYTE = 1_000_000;

    @Mixin
    private ConfigOption configuration = new ConfigOption();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write. Default: a file in the folder aot of the data directory, with a name that"
                    + " this jar and this JVM determine.")
    private @Nullable Path out;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How long a service runs under load for it: " + MIN_SECONDS + "-" + MAX_SECONDS
                    + ". Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        check(
                seconds >= MIN_SECONDS && seconds <= MAX_SECONDS,
                "--seconds: " + seconds + " (expected: " + MIN_SECONDS + "-" + MAX_SECONDS + ")");
        check(out == null || Ports.canBeWrittenTo(out), "--out: " + out + " (expected: a file in a writable folder)");
        if (!JvmAot.ofProcess().canTrain()) {
            throw new CommandFailure("train: this JVM makes no AOT cache: " + System.getProperty("java.vm.name") + " "
                    + Runtime.version() + " (expected: JDK 25 or later)");
        }
        return configuration.run(this::train);
    }

    private void check(boolean holds, String complaint) {
        if (!holds && spec != null) {
            throw new ParameterException(spec.commandLine(), complaint);
        }
    }

    private void train(RunnelConfig config, Console console) throws Exception {
        AotCache cache = AotCache.ofProcess(config.dataDirectory())
                .orElseThrow(() -> new CommandFailure(
                        "train: the class path is not one jar (expected: java -jar runnel.jar train)"));
        Path file = out == null ? cache.file() : out;
        List<String> options =
                AotTraining.inherited(ManagementFactory.getRuntimeMXBean().getInputArguments());
        long bytes;
        try (AotTraining training = AotTraining.open(file)) {
            // After a normal end it has no effect.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(training), "runnel-training-end"));
            bytes = training.run(cache.jar(), options, model(config), Duration.ofSeconds(seconds), console::progress);
        }
        if (out == null) {
            cache.deleteOldest();
        }
        console.progress(String.format(
                Locale.ROOT, "%.1f MB; to use it: java -XX:AOTCache=%s -jar %s", bytes / MEGABYTE, file, cache.jar()));
        console.result(file.toString());
    }

    /** The file of the default model, if it was fetched before: an AOT cache is not worth a download. */
    private static Optional<Path> model(RunnelConfig config) {
        return config.models().stream()
                .filter(model -> model.name().equals(config.defaultModel())
                        && model.engine().equals("llama"))
                .findFirst()
                .flatMap(model -> ModelStore.fetched(config.dataDirectory(), model.name()));
    }

    private static void end(AotTraining training) {
        try {
            training.close();
        } catch (IOException e) {
            // The next training removes what is left.
        }
    }
}
