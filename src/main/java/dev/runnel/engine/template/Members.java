package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members, elements and slices of values. */
final class Members {

    private Members() {}

    /** {@code of.name}: first an attribute or method of the type, then an entry. */
    static Value attribute(Value of, String name) {
        Value found = builtin(of, name);
        if (found == null && of instanceof Value.Dict dict) {
            found = dict.entries().get(Value.Str.own(name));
        }
        return found == null ? missing(of, name) : found;
    }

    /** {@code of[index]}: first an entry or element, then an attribute or method of the type. */
    static Value item(Value of, Value index, Budget budget) {
        Value found = null;
        if (of instanceof Value.Undefined undefined) {
            throw TemplateException.failed(undefined.problem());
        } else if (of instanceof Value.Dict dict) {
            found = dict.entries().get(index);
        } else if (index instanceof Value.Int number) {
            found = element(of, number.value(), budget);
        }
        if (found == null && index instanceof Value.Str name) {
            found = builtin(of, name.chars());
        }
        return found == null ? missing(of, shown(index)) : found;
    }

    /** What a filter with {@code attribute="a.b"} reads: an entry or element at each step. */
    static Value path(Value of, Value path, Budget budget) {
        if (!(path instanceof Value.Str names)) {
            return item(of, path, budget);
        }
        Value value = of;
        for (Text name : Strings.split(names.text(), ".", -1, budget)) {
            Value step =
                    Numbers.integer(name.chars()).<Value>map(Value.Int::new).orElse(new Value.Str(name));
            value = item(value, step, budget);
        }
        return value;
    }

    private static @Nullable Value builtin(Value of, String name) {
        if (of instanceof Value.Undefined undefined) {
            throw TemplateException.failed(undefined.problem());
        } else if (of instanceof Value.Str text) {
            return TextMethods.of(text.text(), name);
        } else if (of instanceof Value.Dict dict) {
            return ContainerMethods.of(dict, name);
        } else if (of instanceof Value.Seq seq) {
            return ContainerMethods.of(seq, name);
        } else if (of instanceof Value.Namespace namespace) {
            return namespace.members().get(name);
        }
        return of instanceof Value.Loop loop ? LoopMembers.of(loop, name) : null;
    }

    private static Value missing(Value of, String name) {
        return new Value.Undefined("'" + Types.name(of) + " object' has no attribute '" + name + "'");
    }

    /** A key for a message, without the text of a caller. */
    private static String shown(Value index) {
        if (index instanceof Value.Int number) {
            return Long.toString(number.value());
        }
        boolean isOwn =
                index instanceof Value.Str str && str.text().pieces().stream().noneMatch(Text.Piece::isForeign);
        return isOwn ? ((Value.Str) index).chars() : "…";
    }

    private static @Nullable Value element(Value of, long index, Budget budget) {
        if (!(of instanceof Value.Seq || of instanceof Value.Str)) {
            return null;
        }
        long length = Types.length(of);
        long place = index < 0 ? index + length : index;
        if (place < 0 || place >= length) {
            return null;
        }
        if (of instanceof Value.Seq seq) {
            return seq.items().get((int) place);
        }
        return new Value.Str(codePoints(((Value.Str) of).text(), place, place + 1, budget));
    }

    private static Text codePoints(Text text, long from, long to, Budget budget) {
        budget.reads(text.units());
        String chars = text.chars();
        int start = chars.offsetByCodePoints(0, (int) from);
        return text.cut(start, chars.offsetByCodePoints(start, (int) (to - from)));
    }

    /** {@code of[from:to:step]}; {@code none} is as absent. */
    static Value slice(Value of, Value from, Value to, Value step, Budget budget) {
        long width = step instanceof Value.None ? 1 : Types.integer(step);
        if (width == 0) {
            throw TemplateException.failed("slice step cannot be zero");
        }
        if (!(of instanceof Value.Seq || of instanceof Value.Str)) {
            throw Types.missing(of, "'" + Types.name(of) + "' object has no slices");
        }
        long length = Types.length(of);
        long first = width > 0 ? 0 : -1;
        long last = width > 0 ? length : length - 1;
        long start = from instanceof Value.None ? (width > 0 ? first : last) : within(from, length, first, last);
        long end = to instanceof Value.None ? (width > 0 ? last : first) : within(to, length, first, last);
        if (of instanceof Value.Str text && width == 1) {
            return new Value.Str(start < end ? codePoints(text.text(), start, end, budget) : Text.EMPTY);
        }
        List<Value> items = Types.items(of, budget);
        List<Value> chosen = new ArrayList<>();
        for (long i = start; width > 0 ? i < end : i > end; i = next(i, width)) {
            budget.elements(1);
            chosen.add(items.get((int) i));
        }
        return of instanceof Value.Seq seq
                ? new Value.Seq(chosen, seq.isTuple(), seq.depth())
                : Arithmetic.joined(chosen, budget);
    }

    /** The next index, which lies beyond every list if the step is huge. */
    private static long next(long index, long step) {
        return index + Math.max(-Integer.MAX_VALUE, Math.min(Integer.MAX_VALUE, step));
    }

    private static long within(Value index, long length, long first, long last) {
        long place = Types.integer(index);
        return Math.max(first, Math.min(last, place < 0 ? place + length : place));
    }
}
