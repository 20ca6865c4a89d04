package dev.runnel.cli;

import dev.runnel.config.ModelConfig;
import dev.runnel.config.RunnelConfig;
import dev.runnel.model.ModelFile;
import dev.runnel.model.ModelStore;
import dev.runnel.model.ModelUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows and fetches models. */
@Command(
        name = "model",
        description = "Shows and fetches models.",
        subcommands = {ModelCommand.Listing.class, ModelCommand.Pull.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ModelCommand {

    private static final String LLAMA = "llama";

    @Command(name = "list", description = "Shows the configured models.", mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Override
        public Integer call() throws Exception {
            return configuration.run(Listing::list);
        }

        private static void list(RunnelConfig config, Console console) {
            for (ModelConfig model : config.models()) {
                boolean isDefault = model.name().equals(config.defaultModel());
                console.result(model.name() + "\t" + model.engine() + (isDefault ? "\tdefault" : ""));
            }
        }
    }

    @Command(
            name = "pull",
            description = "Fetches a model's file, so that the start of the service does not wait for it.",
            mixinStandardHelpOptions = true)
    static final class Pull implements Callable<Integer> {

        @Mixin
        private ConfigOption configuration = new ConfigOption();

        @Parameters(paramLabel = "NAME", description = "The name of a model of the llama engine, from `model list`.")
        private String name = "";

        @Override
        public Integer call() throws Exception {
            return configuration.run(this::fetch);
        }

        private void fetch(RunnelConfig config, Console console) throws ModelUnavailableException {
            ModelConfig model = config.models().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandFailure(name + ": unknown model (expected: one of "
                            + config.models().stream().map(ModelConfig::name).collect(Collectors.joining(", ")) + ")"));
            if (!model.engine().equals(LLAMA)) {
                throw new CommandFailure(name + ": nothing to fetch (its engine is " + model.engine() + ")");
            }
            List<String> complaints = new ArrayList<>();
            ModelFile file = ModelFile.read(model.settings(complaints));
            console.result(new ModelStore(config.dataDirectory(), console)
                    .fetch(name, file)
                    .toString());
        }
    }
}
