package dev.runnel.engine.llama;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.runnel.text.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts turns into a model's chat template. llama.cpp knows the usual templates by their marks; it is given a placeholder for
 * each turn, so that what the template adds and what a caller wrote stay apart. May be called on any thread once llama.cpp is
 * loaded: it touches no model.
 */
final class ChatTemplate {

    /** The system line that a ChatML template has of its own, where no system turn comes first. */
    private static final Pattern OWN_SYSTEM =
            Pattern.compile("'<\\|im_start\\|>system(?:\\\\n|\n)([^'\"\\\\{}<+]+)<\\|im_end\\|>");

    private static final int MESSAGE_BYTES = 2 * Native.POINTER_SIZE;
    private static final int FIRST_OUTPUT_BYTES = 4096;

    private final byte[] jinja;
    private final @Nullable String system;

    /**
     * @param jinja the template as the model's file has it
     * @param system the text of a system turn before all others; {@code null} is the template's own, empty is none
     */
    ChatTemplate(String jinja, @Nullable String system) throws LlamaUnavailableException {
        this.jinja = (jinja + "\0").getBytes(StandardCharsets.UTF_8);
        this.system = system == null ? ownSystem(jinja) : system;
        if (render(List.of(Turn.user(""))).isEmpty()) {
            throw new LlamaUnavailableException(
                    "the model's chat template is not one that llama.cpp b4916 knows; set template: none for this"
                            + " model");
        }
    }

    private static String ownSystem(String jinja) {
        Matcher matcher = OWN_SYSTEM.matcher(jinja);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** A part of a rendered prompt: the template's, where control tokens are meant, or a turn's text, where they are not. */
    record Part(String text, boolean fromTemplate) {}

    /** The prompt in its parts, up to where the assistant begins to speak; empty where the template has no place for a turn. */
    Optional<List<Part>> render(List<Turn> turns) {
        List<Turn> all = new ArrayList<>(turns);
        boolean hasOwn = !turns.isEmpty() && turns.get(0).role() == Turn.Role.SYSTEM;
        String first = system;
        if (!hasOwn && first != null && !first.isEmpty()) {
            all.add(0, new Turn(Turn.Role.SYSTEM, first));
        }
        return apply(all).flatMap(rendered -> split(rendered, all));
    }

    private static String placeholder(int turn) {
        return "\u0002turn" + turn + "\u0003";
    }

    private Optional<String> apply(List<Turn> turns) {
        List<Memory> strings = new ArrayList<>();
        Memory messages = new Memory((long) MESSAGE_BYTES * turns.size());
        for (int i = 0; i < turns.size(); i++) {
            strings.add(string(turns.get(i).role().wireName()));
            messages.setPointer((long) MESSAGE_BYTES * i, strings.get(2 * i));
            strings.add(string(placeholder(i)));
            messages.setPointer((long) MESSAGE_BYTES * i + Native.POINTER_SIZE, strings.get(2 * i + 1));
        }
        try {
            byte[] output = new byte[FIRST_OUTPUT_BYTES];
            int length = apply(messages, turns.size(), output);
            if (length > output.length) {
                output = new byte[length];
                length = apply(messages, turns.size(), output);
            }
            return length < 0 ? Optional.empty() : Optional.of(new String(output, 0, length, StandardCharsets.UTF_8));
        } finally {
            messages.close();
            strings.forEach(Memory::close);
        }
    }

    private int apply(Memory messages, int count, byte[] output) {
        return Llama.llama_chat_apply_template(jinja, messages, count, (byte) 1, output, output.length);
    }

    private static Memory string(String text) {
        byte[] utf8 = (text + "\0").getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(utf8.length);
        memory.write(0, utf8, 0, utf8.length);
        return memory;
    }

    private static Optional<List<Part>> split(String rendered, List<Turn> turns) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < turns.size(); i++) {
            int at = rendered.indexOf(placeholder(i), from);
            if (at < 0) {
                return Optional.empty();
            }
            parts.add(new Part(rendered.substring(from, at), true));
            parts.add(new Part(turns.get(i).content(), false));
            from = at + placeholder(i).length();
        }
        parts.add(new Part(rendered.substring(from), true));
        return Optional.of(parts);
    }
}
