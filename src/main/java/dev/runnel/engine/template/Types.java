package dev.runnel.engine.template;

import java.util.ArrayList;
import java.util.List;

/** What a value is: its type, its truth, its length, its elements. */
final class Types {

    private Types() {}

    /** The name of Python's type, for messages. */
    static String name(Value value) {
        if (value instanceof Value.Str) {
            return "str";
        } else if (value instanceof Value.Int) {
            return "int";
        } else if (value instanceof Value.Real) {
            return "float";
        } else if (value instanceof Value.Bool) {
            return "bool";
        } else if (value instanceof Value.None) {
            return "NoneType";
        } else if (value instanceof Value.Seq seq) {
            return seq.isTuple() ? "tuple" : "list";
        } else if (value instanceof Value.Dict) {
            return "dict";
        } else if (value instanceof Value.Namespace) {
            return "Namespace";
        } else if (value instanceof Value.Function) {
            return "function";
        }
        return value instanceof Value.Loop ? "LoopContext" : "Undefined";
    }

    /** Whether a condition with this value holds. */
    static boolean isTrue(Value value) {
        if (value instanceof Value.Bool flag) {
            return flag.value();
        } else if (value instanceof Value.Str str) {
            return !str.text().isEmpty();
        } else if (value instanceof Value.Int number) {
            return number.value() != 0;
        } else if (value instanceof Value.Real number) {
            return number.value() != 0;
        } else if (value instanceof Value.Seq seq) {
            return !seq.items().isEmpty();
        } else if (value instanceof Value.Dict dict) {
            return !dict.entries().isEmpty();
        }
        return !(value instanceof Value.None || value instanceof Value.Undefined);
    }

    /** The number of code points, elements or entries. */
    static long length(Value value) {
        if (value instanceof Value.Str str) {
            return str.chars().codePointCount(0, str.chars().length());
        } else if (value instanceof Value.Seq seq) {
            return seq.items().size();
        } else if (value instanceof Value.Dict dict) {
            return dict.entries().size();
        } else if (value instanceof Value.Loop loop) {
            return loop.items().size();
        } else if (value instanceof Value.Undefined) {
            return 0;
        }
        throw TemplateException.failed("object of type '" + name(value) + "' has no len()");
    }

    static boolean isIterable(Value value) {
        return value instanceof Value.Str
                || value instanceof Value.Seq
                || value instanceof Value.Dict
                || value instanceof Value.Undefined;
    }

    /** The elements: of a string its code points, of a map its keys. */
    static List<Value> items(Value value, Budget budget) {
        if (value instanceof Value.Seq seq) {
            return seq.items();
        } else if (value instanceof Value.Dict dict) {
            budget.elements(dict.entries().size());
            return List.copyOf(dict.entries().keySet());
        } else if (value instanceof Value.Str str) {
            return codePoints(str.text(), budget);
        } else if (value instanceof Value.Undefined) {
            return List.of();
        }
        throw TemplateException.failed("'" + name(value) + "' object is not iterable");
    }

    private static List<Value> codePoints(Text text, Budget budget) {
        String chars = text.chars();
        budget.elements(chars.length());
        List<Value> items = new ArrayList<>(chars.length());
        for (int at = 0; at < chars.length(); ) {
            int end = chars.offsetByCodePoints(at, 1);
            items.add(new Value.Str(text.cut(at, end)));
            at = end;
        }
        return items;
    }

    /** A number as a float; a truth value is 0 or 1. */
    static double real(Value value) {
        if (value instanceof Value.Real number) {
            return number.value();
        }
        return integer(value);
    }

    /** An integer; a truth value is 0 or 1. */
    static long integer(Value value) {
        if (value instanceof Value.Int number) {
            return number.value();
        } else if (value instanceof Value.Bool flag) {
            return flag.value() ? 1 : 0;
        }
        throw missing(value, "'" + name(value) + "' object cannot be interpreted as an integer");
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
    }

    /** The error of a use of a value; of an undefined one that it is undefined. */
    static TemplateException missing(Value value, String otherwise) {
        return TemplateException.failed(value instanceof Value.Undefined undefined ? undefined.problem() : otherwise);
    }
}
