package dev.runnel.engine.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The members of {@code loop}. */
final class LoopMembers {

    private LoopMembers() {}

    static @Nullable Value of(Value.Loop loop, String name) {
        int index = loop.index();
        int length = loop.items().size();
        return switch (name) {
            case "index" -> new Value.Int(index + 1L);
            case "index0" -> new Value.Int(index);
            case "revindex" -> new Value.Int(length - index);
            case "revindex0" -> new Value.Int(length - index - 1L);
            case "first" -> Value.of(index == 0);
            case "last" -> Value.of(index == length - 1);
            case "length" -> new Value.Int(length);
            // Only a recursive loop, which is not supported, is deeper.
            case "depth" -> new Value.Int(1);
            case "depth0" -> new Value.Int(0);
            case "previtem" -> neighbour(loop, index - 1, "there is no previous item");
            case "nextitem" -> neighbour(loop, index + 1, "there is no next item");
            case "cycle" -> new Value.Function(name, call -> cycle(call.positional(), index));
            default -> null;
        };
    }

    private static Value neighbour(Value.Loop loop, int index, String problem) {
        return index >= 0 && index < loop.items().size() ? loop.items().get(index) : new Value.Undefined(problem);
    }

    private static Value cycle(List<Value> values, int index) {
        if (values.isEmpty()) {
            throw TemplateException.failed("no items for cycling given");
        }
        return values.get(index % values.size());
    }
}
