package dev.runnel.engine.grammar;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.runnel.engine.grammar.Shape.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes the rules of a grammar. Between two parts of a value there may be one space, or one line end with at most 20
 * spaces. So a model cannot go on with white space.
 */
final class GrammarWriter {

    /** Used where the schema allows anything. Every rule starts with a character, so none is left-recursive. */
    private static final String VALUES = """
        ws ::= (" " | "\\n" [ ]{0,20})?
        char ::= [ !#-\\x5B\\x5D-\\uD7FF\\uE000-\\U0010FFFF] | "\\\\" escape
        escape ::= ["\\\\/bfnrt] | "u" hex4
        hex4 ::= [0-9a-cefA-CEF] hex hex hex | [dD] [0-7] hex hex
        hex ::= [0-9a-fA-F]
        string ::= "\\"" char* "\\""
        number ::= "-"? ("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?
        pair ::= string ":" ws value
        object ::= "{" ws ("}" | pair ("," ws pair)* ws "}")
        array ::= "[" ws ("]" | value ("," ws value)* ws "]")
        value ::= object | array | string | number | "true" | "false" | "null"
        """;

    private static final CodePoints CONTROL = CodePoints.of(new CodePoints.Range(0, 0x1F));
    private static final CodePoints ESCAPED = CONTROL.plus(CodePoints.of('"')).plus(CodePoints.of('\\'));

    private static final int MAX_RULES = 20_000;
    private static final int MAX_CHARS = 1_000_000;
    private static final int MAX_REPETITIONS = 20_000;

    private final String path;
    private final Alternatives alternatives;
    private final StringBuilder out = new StringBuilder();
    private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    private final Deque<Runnable> open = new ArrayDeque<>();
    private int rules;
    private int repetitions;

    GrammarWriter(String path, Alternatives alternatives) {
        this.path = path;
        this.alternatives = alternatives;
    }

    /** A text of any object. */
    static Grammar anyObject() {
        return new Grammar("root ::= object\n" + VALUES, true);
    }

    Grammar write(Shape root) {
        rule("root", of(root));
        while (!open.isEmpty()) {
            open.remove().run();
        }
        boolean endsItself = alternatives.leaves(root).stream().allMatch(GrammarWriter::endsItself);
        return new Grammar(out + VALUES, endsItself);
    }

    private static boolean endsItself(Shape leaf) {
        if (leaf instanceof Shape.Literals literals) {
            return literals.texts.stream().noneMatch(GrammarWriter::isNumber);
        }
        return !(leaf instanceof Shape.Anything) && !(leaf instanceof Shape.Regular regular && !regular.quoted);
    }

    private static boolean isNumber(String text) {
        return text.charAt(0) == '-' || Character.isDigit(text.charAt(0));
    }

    private void rule(String name, String body) {
        out.append(name).append(" ::= ").append(body).append('\n');
        if (out.length() > MAX_CHARS || rules > MAX_RULES || repetitions > MAX_REPETITIONS) {
            throw new SchemaException(
                    path,
                    "too large (expected: at most " + MAX_RULES + " rules, " + MAX_CHARS + " characters and "
                            + MAX_REPETITIONS + " repetitions in its grammar)");
        }
    }

    private String newName() {
        rules++;
        return "r" + rules;
    }

    /** The name of a new rule, which is written now. */
    private String newRule(String body) {
        String name = newName();
        rule(name, body);
        return name;
    }

    /** What stands for a shape in a rule. */
    private String of(Shape shape) {
        List<Shape> leaves = alternatives.leaves(shape);
        if (leaves.size() == 1) {
            return ofLeaf(leaves.get(0));
        }
        Shape choice = referred(shape);
        String known = names.get(choice);
        if (known != null) {
            return known;
        }
        String name = newName();
        names.put(choice, name);
        open.add(() -> rule(name, leaves.stream().map(this::ofLeaf).collect(Collectors.joining(" | "))));
        return name;
    }

    private static Shape referred(Shape shape) {
        Shape at = shape;
        while (at instanceof Shape.Reference reference) {
            at = Objects.requireNonNull(reference.target);
        }
        return at;
    }

    private String ofLeaf(Shape leaf) {
        if (leaf instanceof Shape.Anything) {
            return "value";
        }
        if (leaf instanceof Shape.Text text && text.least == 0 && text.most == Shape.Items.UNBOUNDED) {
            return "string";
        }
        Object key = leaf instanceof Shape.Regular regular ? regular.automaton : leaf;
        String known = names.get(key);
        if (known != null) {
            return known;
        }
        String name = newName();
        names.put(key, name);
        open.add(() -> write(name, leaf));
        return name;
    }

    private void write(String name, Shape leaf) {
        if (leaf instanceof Shape.Members object) {
            write(name, object);
        } else if (leaf instanceof Shape.Table table) {
            String pair = newRule("string \":\" ws " + of(table.value));
            rule(name, "\"{\" ws (\"}\" | " + pair + " (\",\" ws " + pair + ")* ws \"}\")");
        } else if (leaf instanceof Shape.Items array) {
            write(name, array);
        } else if (leaf instanceof Shape.Text text) {
            rule(name, "\"\\\"\" " + repeated("char", text.least, text.most) + " \"\\\"\"");
        } else if (leaf instanceof Shape.Regular regular) {
            write(name, regular);
        } else if (leaf instanceof Shape.Literals literals) {
            rule(name, of(LiteralTrie.of(literals.texts)));
        }
    }

    private void write(String name, Shape.Items array) {
        if (array.most == 0) {
            rule(name, "\"[\" ws \"]\"");
            return;
        }
        String item = of(array.item);
        String more = newRule("\",\" ws " + item);
        int most = array.most == Shape.Items.UNBOUNDED ? array.most : array.most - 1;
        String filled = item + " " + repeated(more, Math.max(0, array.least - 1), most) + " ws \"]\"";
        rule(name, "\"[\" ws " + (array.least == 0 ? "(\"]\" | " + filled + ")" : filled));
    }

    /** llama.cpp makes a rule or an element of each repetition. */
    private String repeated(String part, int least, int most) {
        if (most == 0) {
            return "";
        }
        repetitions += Math.max(least, most);
        if (most == Shape.Items.UNBOUNDED) {
            return least == 0 ? part + "*" : part + "{" + least + ",}";
        }
        return part + "{" + least + "," + most + "}";
    }

    private void write(String name, Shape.Members object) {
        List<Member> members = object.members;
        if (members.isEmpty()) {
            rule(name, "\"{\" ws \"}\"");
        } else if (members.stream().allMatch(Member::required)) {
            String all = members.stream().map(this::of).collect(Collectors.joining(" \",\" ws "));
            rule(name, "\"{\" ws " + all + " ws \"}\"");
        } else {
            String first = chosen(members);
            boolean mayBeEmpty = members.stream().noneMatch(Member::required);
            rule(name, "\"{\" ws " + (mayBeEmpty ? "(\"}\" | " + first + ")" : first));
        }
    }

    private String of(Member member) {
        return literal(TextNode.valueOf(member.name()) + ":") + " ws " + of(member.value());
    }

    /**
     * The rule for the members of an object, some of which may be left out, and its end. From the last one on: {@code
     * chosen} is this member or a later one, with all that follows; {@code rest} is what follows this member.
     */
    private String chosen(List<Member> members) {
        String rest = "ws \"}\"";
        String chosen = "";
        boolean mayEnd = true;
        for (int i = members.size() - 1; i >= 0; i--) {
            Member member = members.get(i);
            String here = of(member) + " " + newRule(rest);
            chosen = newRule(member.required() || chosen.isEmpty() ? here : here + " | " + chosen);
            mayEnd = mayEnd && !member.required();
            rest = "\",\" ws " + chosen + (mayEnd ? " | ws \"}\"" : "");
        }
        return chosen;
    }

    private void write(String name, Shape.Regular regular) {
        List<Automaton.State> states = regular.automaton.states();
        List<String> stateNames = new ArrayList<>();
        states.forEach(state -> stateNames.add(newName()));
        rule(name, (regular.quoted ? "\"\\\"\" " : "") + stateNames.get(0));
        for (int i = 0; i < states.size(); i++) {
            List<String> ways = new ArrayList<>();
            for (Automaton.Edge edge : states.get(i).edges()) {
                addWays(ways, edge.of(), stateNames.get(edge.target()), regular.quoted);
            }
            if (states.get(i).accepting()) {
                ways.add(regular.quoted ? "\"\\\"\"" : "\"\"");
            }
            rule(stateNames.get(i), String.join(" | ", ways));
        }
    }

    private static void addWays(List<String> ways, CodePoints read, String next, boolean quoted) {
        CodePoints direct = quoted ? read.minus(ESCAPED) : read;
        if (!direct.isEmpty()) {
            ways.add(Gbnf.charClass(direct) + " " + next);
        }
        if (quoted) {
            String letters = "\"\\\b\f\n\r\t"
                    .codePoints()
                    .filter(read::contains)
                    .mapToObj(GrammarWriter::letter)
                    .collect(Collectors.joining());
            if (!letters.isEmpty()) {
                ways.add(literal("\\") + " " + Gbnf.charClass(letters) + " " + next);
            }
        }
    }

    /** What stands after the backslash. */
    private static String letter(int codePoint) {
        return switch (codePoint) {
            case '\b' -> "b";
            case '\f' -> "f";
            case '\n' -> "n";
            case '\r' -> "r";
            case '\t' -> "t";
            default -> Character.toString(codePoint);
        };
    }

    private static String literal(String text) {
        return Gbnf.literal(text);
    }

    private String of(LiteralTrie trie) {
        StringBuilder body = new StringBuilder(literal(trie.text()));
        if (!trie.next().isEmpty()) {
            List<String> ways = new ArrayList<>();
            for (LiteralTrie next : trie.next()) {
                ways.add(of(next));
            }
            if (trie.ends()) {
                ways.add("\"\"");
            }
            body.append(' ').append(newRule(String.join(" | ", ways)));
        }
        return body.toString();
    }
}
