package dev.runnel.cli;

import dev.runnel.cli.source.SourceException;
import dev.runnel.cli.source.TextSource;
import dev.runnel.cli.terminal.Chat;
import dev.runnel.cli.terminal.Conversation;
import dev.runnel.cli.terminal.Lines;
import dev.runnel.cli.terminal.Screen;
import dev.runnel.cli.terminal.StandardInput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A conversation at the terminal. */
@Command(
        name = "chat",
        description = "Talks with a model, in this process or with a running service.",
        mixinStandardHelpOptions = true)
final class ChatCommand implements Callable<Integer> {

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Mixin
    private QuestionOptions options = new QuestionOptions();

    @Override
    public Integer call() throws IOException {
        options.question(options.model(), options.system(), List.of());
        Screen screen = new Screen(System.out, System.err);
        Conversation conversation = new Conversation(options::question, options.model(), options.system());
        try (TextSource source = sources.open();
                Lines lines = StandardInput.lines()) {
            return new Chat(lines, screen, source, conversation).run();
        } catch (SourceException e) {
            screen.endLine();
            screen.notice(String.valueOf(e.getMessage()));
            return 1;
        }
    }
}
