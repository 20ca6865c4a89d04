package dev.runnel.cli.terminal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.cli.source.Question;
import dev.runnel.text.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The turns of one conversation, its model and its system text. For one thread. */
public final class Conversation {

    private final Questions questions;
    private final List<Turn> turns = new ArrayList<>();
    private String model;
    private String system;

    /** Adds the parameters of the command line. */
    public interface Questions {

        Question of(String model, String system, List<Turn> turns);
    }

    /**
     * @param model its name; empty is the default model
     * @param system the system text; empty is the model's own
     */
    public Conversation(Questions questions, String model, String system) {
        this.questions = questions;
        this.model = model;
        this.system = system;
    }

    String model() {
        return model;
    }

    void useModel(String name) {
        model = name;
    }

    String system() {
        return system;
    }

    void useSystem(String text) {
        system = text;
    }

    Question question(String text) {
        List<Turn> all = new ArrayList<>(turns);
        all.add(Turn.user(text));
        return questions.of(model, system, all);
    }

    void add(String text, String answer) {
        turns.add(Turn.user(text));
        turns.add(new Turn(Turn.Role.ASSISTANT, answer));
    }

    int answers() {
        return turns.size() / 2;
    }

    void clear() {
        turns.clear();
    }

    /**
     * Writes a new file: as the body of a request where the name ends in {@code .json}, else as text.
     *
     * @throws IOException also if the file exists
     */
    void save(Path file) throws IOException {
        boolean isJson = String.valueOf(file.getFileName()).endsWith(".json");
        Files.writeString(file, isJson ? json() : text(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private List<Turn> all() {
        List<Turn> all = new ArrayList<>(turns);
        if (!system.isEmpty()) {
            all.add(0, new Turn(Turn.Role.SYSTEM, system));
        }
        return all;
    }

    private String json() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode body = mapper.createObjectNode();
        if (!model.isEmpty()) {
            body.put("model", model);
        }
        ArrayNode messages = body.putArray("messages");
        all().forEach(turn ->
                messages.addObject().put("role", turn.role().wireName()).put("content", turn.content()));
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(body) + "\n";
    }

    /** A file may be shown by a program that obeys control characters. */
    private String text() {
        StringBuilder text = new StringBuilder();
        all().forEach(turn -> text.append("## ")
                .append(turn.role().wireName())
                .append("\n\n")
                .append(SafeText.of(turn.content()).strip())
                .append("\n\n"));
        return text.toString();
    }
}
