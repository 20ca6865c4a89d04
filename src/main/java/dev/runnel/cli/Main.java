package dev.runnel.cli;

import dev.runnel.Version;
import dev.runnel.cli.terminal.SafeText;
import java.io.PrintWriter;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. The exit status is 0, 1 for a failure with its reason on standard error, or 2 for wrong usage. */
@Command(
        name = "runnel",
        description = "Streams text from a language model over HTTP.",
        subcommands = {
            ServeCommand.class,
            ChatCommand.class,
            GenerateCommand.class,
            KeyCommand.class,
            ModelCommand.class,
            TrainCommand.class,
            ConformCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main {

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command, by default {@code serve}, and returns the exit status. */
    static int run(String... args) {
        CommandLine runnel = new CommandLine(new Main());
        runnel.setExecutionExceptionHandler((exception, command, parsed) -> failed(exception, command.getErr()));
        return runnel.execute(withCommand(args));
    }

    /** An exception of this project has a message for the operator. Any other is a fault: its stack is needed. */
    static int failed(Exception exception, PrintWriter err) {
        if (exception instanceof UsageFailure) {
            err.println(SafeText.line(String.valueOf(exception.getMessage())));
            return CommandLine.ExitCode.USAGE;
        }
        if (exception.getClass().getName().startsWith("dev.runnel.")) {
            err.println(exception.getMessage());
        } else {
            LOG.error("The command failed", exception);
        }
        return CommandLine.ExitCode.SOFTWARE;
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
