package dev.runnel.cli.terminal;

import dev.runnel.cli.source.SourceException;
import dev.runnel.cli.source.StopSignal;
import dev.runnel.cli.source.TextSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The lines of a conversation that start with a slash. For one thread. */
final class ChatCommands {

    private static final String OFF = "off";

    private final Conversation conversation;
    private final TextSource source;
    private final Screen screen;

    ChatCommands(Conversation conversation, TextSource source, Screen screen) {
        this.conversation = conversation;
        this.source = source;
        this.screen = screen;
    }

    /** Runs one; returns whether the conversation continues. */
    boolean run(String line, StopSignal stop) {
        int space = line.indexOf(' ');
        String name = space < 0 ? line : line.substring(0, space);
        String value = space < 0 ? "" : line.substring(space).strip();
        switch (name) {
            case "/help" -> help();
            case "/model" -> model(value, stop);
            case "/system" -> system(value);
            case "/save" -> save(value);
            case "/new" -> {
                conversation.clear();
                screen.line("A new conversation.");
            }
            case "/quit", "/exit" -> {
                return false;
            }
            default ->
                screen.line(name + ": unknown command (expected: one of /help /model /system /save /new /quit; a"
                        + " space before the slash sends it as text)");
        }
        return true;
    }

    private void help() {
        screen.line("""
            /model          lists the models       /model NAME    uses another one
            /system         shows the system text  /system TEXT   sets it; /system off removes it
            /save FILE      saves the conversation as text, or as JSON where FILE ends in .json
            /new            starts a new conversation
            /quit, Ctrl-D   leaves                 Ctrl-C         stops the answer
            Several lines: end a line with a backslash, or put the text between \""" and \""".""");
    }

    private void model(String name, StopSignal stop) {
        try {
            List<String> models = source.models();
            String current = conversation.model().isEmpty() ? models.get(0) : conversation.model();
            if (name.isEmpty()) {
                models.forEach(one -> screen.line((one.equals(current) ? "* " : "  ") + SafeText.line(one)));
                return;
            }
            source.open(name, stop);
            conversation.useModel(name);
            screen.line("The model is " + SafeText.line(name) + ".");
        } catch (SourceException e) {
            screen.line(SafeText.line(String.valueOf(e.getMessage())));
        }
    }

    private void system(String text) {
        if (text.isEmpty()) {
            String present = conversation.system();
            screen.line(present.isEmpty() ? "The system text is the model's own." : present);
        } else {
            conversation.useSystem(text.equals(OFF) ? "" : text);
            screen.line(text.equals(OFF) ? "The system text is the model's own." : "The system text is set.");
        }
    }

    private void save(String name) {
        if (name.isEmpty()) {
            screen.line("/save: no name (expected: /save FILE)");
            return;
        }
        try {
            Path file = Path.of(name);
            conversation.save(file);
            screen.line("Saved " + conversation.answers() + " answers to " + file.toAbsolutePath());
        } catch (FileAlreadyExistsException e) {
            screen.line(name + ": exists (expected: the name of a new file)");
        } catch (IOException | InvalidPathException e) {
            screen.line(name + ": cannot be written: " + e.getMessage());
        }
    }
}
