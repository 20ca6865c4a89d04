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
 * Renders turns with a model's chat template. llama.cpp recognizes the usual templates by their control tokens. It
 * renders a placeholder for each turn, which separates the template's text from the caller's. May be called on any
 * thread: it uses no model.
 */
final class ChatTemplate {

    /** The default system line in a ChatML template, for prompts that do not start with a system turn. */
    private static final Pattern OWN_SYSTEM =
            Pattern.compile("'<\\|im_start\\|>system(?:\\\\n|\n)([^'\"\\\\{}<+]+)<\\|im_end\\|>");

    private static final int MESSAGE_BYTES = 2 * Native.POINTER_SIZE;
    private static final int FIRST_OUTPUT_BYTES = 4096;

    private final Llama llama;
    private final byte[] jinja;
    private final @Nullable String system;

    /**
     * @param jinja the template from the model's file
     * @param system the text of the first system turn; {@code null} for the template's own, empty for no system turn
     */
    ChatTemplate(Llama llama, String jinja, @Nullable String system) throws LlamaUnavailableException {
        this.llama = llama;
        this.jinja = (jinja + "\0").getBytes(StandardCharsets.UTF_8);
        this.system = system == null ? ownSystem(jinja) : system;
        if (render(List.of(Turn.user(""))).isEmpty()) {
            throw new LlamaUnavailableException("llama.cpp " + llama.version()
                    + " does not know the model's chat template; set template: none for this model");
        }
    }

    private static String ownSystem(String jinja) {
        Matcher matcher = OWN_SYSTEM.matcher(jinja);
        return matcher.find() ? matcher.group(1) : "";
    }

    /**
     * A part of a rendered prompt: the template's, in which control tokens count, or a turn's, in which they are text.
     */
    record Part(String text, boolean fromTemplate) {}

    /**
     * The prompt in parts, up to the start of the assistant's answer; empty if the template does not accept the turns.
     */
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
        return llama.llama_chat_apply_template(jinja, messages, count, (byte) 1, output, output.length);
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
