package dev.runnel.engine.grammar;

import dev.runnel.engine.grammar.Shape.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what a text may be at a place, and refuses a schema whose grammar would be slow. llama.cpp follows all
 * alternatives that fit the text so far, and copies each of them for each character. So their number has a bound. In a
 * recursive schema it would grow with the text, unless the alternatives differ before the recursion.
 */
final class Alternatives {

    /** The most alternatives that may fit a text so far. */
    static final int MAX = 200;

    private static final int MAX_NESTED = 200;
    private static final int MAX_STEPS = 2_000_000;

    private final String path;
    private final IdentityHashMap<Shape, List<Shape>> leaves = new IdentityHashMap<>();
    private final IdentityHashMap<Shape, Integer> widths = new IdentityHashMap<>();
    private int steps;

    /** What a text starts with. */
    private enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        WORD
    }

    Alternatives(String path) {
        this.path = path;
    }

    /**
     * Checks a whole schema.
     *
     * @throws SchemaException if its grammar would be slow, or has no finite text
     */
    void check(Shape root) {
        Collection<Shape> reachable = reachable(List.of(root));
        checkEnds(reachable);
        for (Shape shape : reachable) {
            if (shape instanceof Shape.Choice) {
                checkRecursion(shape);
            }
        }
        for (Shape shape : reachable) {
            int width = width(shape, 0);
            if (width > MAX) {
                throw fault("more than " + MAX + " alternatives that may fit the same text");
            }
        }
    }

    private SchemaException fault(String fault) {
        return new SchemaException(path, fault);
    }

    private void step() {
        steps++;
        if (steps > MAX_STEPS) {
            throw fault("too many alternatives in recursive places");
        }
    }

    private Set<Shape> reachable(List<Shape> from) {
        Set<Shape> found = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Shape> open = new ArrayList<>(from);
        while (!open.isEmpty()) {
            step();
            Shape shape = open.remove(open.size() - 1);
            if (found.add(shape)) {
                shape.parts().forEach(open::add);
            }
        }
        return found;
    }

    /** Every place must have a finite text, or a model that comes there could never end. */
    private void checkEnds(Collection<Shape> reachable) {
        Set<Shape> ending = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Shape> open = new ArrayList<>(reachable);
        int before;
        do {
            before = open.size();
            open.removeIf(shape -> {
                step();
                return ends(shape, ending) && ending.add(shape);
            });
        } while (open.size() < before);
        if (!open.isEmpty()) {
            throw fault("a reference to itself without an end (expected: a required place that is not recursive)");
        }
    }

    private static boolean ends(Shape shape, Set<Shape> ending) {
        if (shape instanceof Shape.Members object) {
            return object.members.stream().allMatch(member -> !member.required() || ending.contains(member.value()));
        } else if (shape instanceof Shape.Choice || shape instanceof Shape.Reference) {
            return shape.parts().anyMatch(ending::contains);
        } else if (shape instanceof Shape.Items array) {
            return array.least == 0 || ending.contains(array.item);
        }
        return true;
    }

    /** What a place may be, without references and choices. */
    List<Shape> leaves(Shape shape) {
        List<Shape> known = leaves.get(shape);
        if (known == null) {
            known = found(shape);
            leaves.put(shape, known);
        }
        return known;
    }

    private List<Shape> found(Shape shape) {
        Set<Shape> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Shape> found = new ArrayList<>();
        List<Shape> open = new ArrayList<>(List.of(shape));
        while (!open.isEmpty()) {
            step();
            Shape next = open.remove(open.size() - 1);
            if (next == shape && !seen.isEmpty()) {
                throw fault("a reference to itself alone (expected: a value between a place and its reference)");
            }
            if (seen.add(next)) {
                if (next instanceof Shape.Choice || next instanceof Shape.Reference) {
                    List<Shape> parts = new ArrayList<>(next.parts().toList());
                    Collections.reverse(parts);
                    open.addAll(parts);
                } else {
                    found.add(next);
                }
                if (found.size() > MAX) {
                    throw fault("more than " + MAX + " alternatives at one place");
                }
            }
        }
        return found;
    }

    private void checkRecursion(Shape choice) {
        for (List<Shape> group : byKind(leaves(choice)).values()) {
            List<Shape> nested = group.stream()
                    .filter(leaf -> leaf.parts().findAny().isPresent())
                    .toList();
            if (nested.size() > 1 && !differ(group) && reachable(parts(nested)).contains(choice)) {
                throw fault("alternatives of anyOf that start alike and are recursive (expected: objects whose first"
                        + " required member has another name, or other values by const or enum)");
            }
        }
    }

    private static List<Shape> parts(List<Shape> shapes) {
        return shapes.stream().flatMap(Shape::parts).toList();
    }

    private static Map<Kind, List<Shape>> byKind(List<Shape> leaves) {
        Map<Kind, List<Shape>> kinds = new EnumMap<>(Kind.class);
        for (Shape leaf : leaves) {
            kinds(leaf)
                    .forEach(kind ->
                            kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(leaf));
        }
        return kinds;
    }

    private static Set<Kind> kinds(Shape leaf) {
        if (leaf instanceof Shape.Members || leaf instanceof Shape.Table) {
            return EnumSet.of(Kind.OBJECT);
        } else if (leaf instanceof Shape.Items) {
            return EnumSet.of(Kind.ARRAY);
        } else if (leaf instanceof Shape.Text) {
            return EnumSet.of(Kind.STRING);
        } else if (leaf instanceof Shape.Regular regular) {
            return EnumSet.of(regular.quoted ? Kind.STRING : Kind.NUMBER);
        } else if (leaf instanceof Shape.Literals literals) {
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            literals.texts.forEach(text -> kinds.add(kind(text.charAt(0))));
            return kinds;
        }
        return EnumSet.allOf(Kind.class);
    }

    private static Kind kind(char first) {
        return switch (first) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't', 'f', 'n' -> Kind.WORD;
            default -> Kind.NUMBER;
        };
    }

    /** Whether these are objects of which each has another first member, by its name or its literal value. */
    private boolean differ(List<Shape> group) {
        Set<String> starts = new LinkedHashSet<>();
        for (Shape leaf : group) {
            if (!(leaf instanceof Shape.Members object) || object.members.isEmpty()) {
                return false;
            }
            Member first = object.members.get(0);
            if (!first.required() || !addStarts(starts, first)) {
                return false;
            }
        }
        // A name that stands alone differs from the same name with a value only after that value.
        return starts.stream().noneMatch(start -> start.endsWith(":") && hasLonger(starts, start));
    }

    private static boolean hasLonger(Set<String> starts, String start) {
        return starts.stream().anyMatch(other -> other.length() > start.length() && other.startsWith(start));
    }

    private boolean addStarts(Set<String> starts, Member first) {
        List<Shape> values = leaves(first.value());
        if (values.size() == 1 && values.get(0) instanceof Shape.Literals literals) {
            return literals.texts.stream().allMatch(text -> starts.add(first.name() + "\0:" + text));
        }
        return starts.add(first.name() + "\0:");
    }

    /** How many alternatives may fit the same text at a place and inside of it. A recursive place counts once. */
    private int width(Shape shape, int depth) {
        Integer known = widths.get(shape);
        if (known != null) {
            return known;
        }
        if (depth > MAX_NESTED) {
            throw fault("more than " + MAX_NESTED + " places inside of each other");
        }
        widths.put(shape, 1);
        int width = Math.min(ofShape(shape, depth + 1), MAX + 1);
        widths.put(shape, width);
        return width;
    }

    private int ofShape(Shape shape, int depth) {
        if (shape instanceof Shape.Choice || shape instanceof Shape.Reference) {
            return ofChoice(leaves(shape), depth);
        } else if (shape instanceof Shape.Members object) {
            int inside = widest(parts(List.of(object)), depth);
            long optional =
                    object.members.stream().filter(member -> !member.required()).count();
            return Math.max(inside, (int) optional + 1);
        } else if (shape instanceof Shape.Regular regular) {
            return regular.automaton.width() + 1;
        } else if (shape instanceof Shape.Literals literals) {
            return LiteralTrie.of(literals.texts).width();
        }
        return widest(shape.parts().toList(), depth);
    }

    private int ofChoice(List<Shape> options, int depth) {
        int width = options.size();
        for (List<Shape> group : byKind(options).values()) {
            int together = group.stream().mapToInt(leaf -> width(leaf, depth)).sum();
            width = Math.max(width, differ(group) ? widest(group, depth) : together);
        }
        return width;
    }

    private int widest(List<Shape> shapes, int depth) {
        return shapes.stream().mapToInt(part -> width(part, depth)).max().orElse(1);
    }
}
