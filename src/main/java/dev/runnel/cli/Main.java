package dev.runnel.cli;

import dev.runnel.Version;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. The exit status is 0, 1 for a failure with its reason on standard error, or 2 for wrong usage. */
@Command(
        name = "runnel",
        description = "Streams text from a language model over HTTP.",
        subcommands = {ServeCommand.class, KeyCommand.class, ModelCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command, by default {@code serve}, and returns the exit status. */
    static int run(String... args) {
        CommandLine runnel = new CommandLine(new Main());
        runnel.setExecutionExceptionHandler((exception, command, parsed) -> {
            command.getErr().println(FailureMessages.of(exception));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return runnel.execute(withCommand(args));
    }

    private static String[] withCommand(String[] args) {
        boolean ownOption = args.length > 0
                && Arrays.asList("--help", "-h", "--version", "-V").contains(args[0]);
        if (args.length > 0 && (ownOption || !args[0].startsWith("-"))) {
            return args;
        }
        String[] serve = new String[args.length + 1];
        serve[0] = "serve";
        System.arraycopy(args, 0, serve, 1, args.length);
        return serve;
    }
}
