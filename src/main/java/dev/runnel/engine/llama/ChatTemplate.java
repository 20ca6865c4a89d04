package dev.runnel.engine.llama;

import dev.runnel.engine.template.Bounds;
import dev.runnel.engine.template.Template;
import dev.runnel.engine.template.TemplateException;
import dev.runnel.engine.template.Text;
import dev.runnel.engine.template.Value;
import dev.runnel.text.Turn;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders turns with the chat template of a model's file. The room of templates keeps which characters are a turn's, so
 * that only the template's own control tokens count. Immutable; any thread.
 */
final class ChatTemplate {

    private static final String TURN_START = "<|im_start|>";
    private static final String SYSTEM_START = TURN_START + "system";

    /** The variables that say whether the model thinks. */
    private static final List<String> THINKING_NAMES = List.of("enable_thinking", "thinking");

    /** A content that no template writes by itself. */
    private static final String PROBE = "probe-5f1c";

    private final Template template;
    private final Map<String, Value> constants;
    private final @Nullable String system;
    private final Supplier<LocalDateTime> now;
    private final boolean knowsSystem;

    /** What a template writes by name: the tokens that start and end a text, as text; empty for a model without one. */
    record Marks(String bos, String eos) {}

    /**
     * @param jinja the template from the model's file
     * @param system the text of the first system turn; {@code null} for the template's own, empty for no system turn
     * @param now the time, for templates that write the date
     */
    ChatTemplate(String jinja, @Nullable String system, Marks marks, Supplier<LocalDateTime> now)
            throws LlamaUnavailableException {
        this.system = system;
        this.now = now;
        this.constants = Map.of(
                "bos_token", Value.Str.own(marks.bos()),
                "eos_token", Value.Str.own(marks.eos()),
                "add_generation_prompt", Value.TRUE,
                "tools", Value.NONE,
                "documents", Value.NONE);
        try {
            this.template = Template.parse(jinja, Bounds.DEFAULT);
            if (!writesProbe(List.of(Turn.user(PROBE)))) {
                throw unusable("it does not write the text of a turn");
            }
        } catch (TemplateException e) {
            throw unusable(String.valueOf(e.getMessage()));
        }
        this.knowsSystem = knowsSystem();
    }

    private static LlamaUnavailableException unusable(String why) {
        return new LlamaUnavailableException(
                "the model's chat template cannot be used: " + why + "; set template: none for this model");
    }

    /** What the template may write by itself. */
    Set<String> strings() {
        return template.strings();
    }

    /** Whether the template writes the channels of answers. */
    boolean hasChannels() {
        return template.writes(ChannelMark.CHANNEL.text()) && template.writes(ChannelMark.MESSAGE.text());
    }

    /** Whether {@link #render} heeds {@code thinking}. */
    boolean knowsThinking() {
        return THINKING_NAMES.stream().anyMatch(template::mentions);
    }

    /** The marks around a thought that the template names. */
    Optional<ThoughtMarks> thoughtMarks() {
        return ThoughtMarks.of(template);
    }

    private boolean knowsSystem() {
        try {
            return writesProbe(List.of(new Turn(Turn.Role.SYSTEM, PROBE), Turn.user("x")));
        } catch (TemplateException e) {
            return false;
        }
    }

    private boolean writesProbe(List<Turn> turns) {
        return rendered(turns, null).chars().contains(PROBE);
    }

    /**
     * A part of a rendered prompt: the template's, in which control tokens count, or a turn's, in which they are text.
     */
    record Part(String text, boolean fromTemplate) {}

    /**
     * The prompt in parts, up to the start of the assistant's answer.
     *
     * @param thinking whether the model thinks first; {@code null} for the template's own
     * @throws TemplateException if the template does not accept the turns
     */
    List<Part> render(List<Turn> turns, @Nullable Boolean thinking) {
        boolean hasOwn = !turns.isEmpty() && turns.get(0).role() == Turn.Role.SYSTEM;
        List<Turn> all = new ArrayList<>(turns);
        if (!hasOwn && system != null && !system.isEmpty()) {
            all.add(0, new Turn(Turn.Role.SYSTEM, system));
        }
        List<Part> parts = new ArrayList<>();
        for (Text.Piece piece :
                rendered(knowsSystem ? all : withoutSystem(all), thinking).pieces()) {
            parts.add(new Part(piece.chars(), !piece.isForeign()));
        }
        boolean dropsSystem = !hasOwn && system != null && system.isEmpty() && !parts.isEmpty();
        if (dropsSystem && parts.get(0).fromTemplate()) {
            parts.set(0, new Part(withoutSystem(parts.get(0).text()), true));
        }
        return parts;
    }

    private Text rendered(List<Turn> turns, @Nullable Boolean thinking) {
        List<Value> messages = new ArrayList<>();
        for (Turn turn : turns) {
            messages.add(Value.dict(Map.of(
                    "role", Value.Str.own(turn.role().wireName()), "content", Value.Str.foreign(turn.content()))));
        }
        Map<String, Value> variables = new HashMap<>(constants);
        variables.put("messages", Value.list(messages));
        if (thinking != null) {
            THINKING_NAMES.forEach(name -> variables.put(name, Value.of(thinking)));
        }
        return template.render(variables, now);
    }

    /** The turns for a template that knows no system: its text stands before that of the first turn of the user. */
    private static List<Turn> withoutSystem(List<Turn> turns) {
        if (turns.isEmpty() || turns.get(0).role() != Turn.Role.SYSTEM) {
            return turns;
        }
        String text = turns.get(0).content();
        boolean hasUser = turns.size() > 1 && turns.get(1).role() == Turn.Role.USER;
        List<Turn> others = new ArrayList<>();
        others.add(Turn.user(hasUser ? text + "\n\n" + turns.get(1).content() : text));
        others.addAll(turns.subList(hasUser ? 2 : 1, turns.size()));
        return others;
    }

    /** The start of a prompt in ChatML without the system turn that the template adds. Other templates keep theirs. */
    private static String withoutSystem(String start) {
        int next = start.startsWith(SYSTEM_START) ? start.indexOf(TURN_START, SYSTEM_START.length()) : 0;
        return next < 0 ? start : start.substring(next);
    }
}
