package dev.runnel.engine.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Reads a grammar as llama.cpp does, draws texts from it, and says whether it admits a text. */
final class GbnfText {

    private static final int UNBOUNDED = -1;
    private static final int MAX_MORE = 3;

    private sealed interface Part {}

    private record Chars(List<int[]> ranges) implements Part {
        boolean contains(int c) {
            return ranges.stream().anyMatch(range -> range[0] <= c && c <= range[1]);
        }
    }

    private record Rule(String name) implements Part {}

    private record Sequence(List<Part> parts) implements Part {}

    private record Either(List<Part> options) implements Part {}

    private record Repeat(Part part, int least, int most) implements Part {}

    private final Map<String, Part> rules = new LinkedHashMap<>();
    private final Map<String, Integer> shortest = new HashMap<>();
    private final String text;
    private int at;

    GbnfText(String gbnf) {
        text = gbnf;
        while (at < text.length()) {
            String name = name();
            skip();
            expect("::=");
            skip();
            rules.put(name, either());
            expect("\n");
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<String, Part> rule : rules.entrySet()) {
                Integer now = shortest(rule.getValue());
                changed |= now != null && !now.equals(shortest.put(rule.getKey(), now));
            }
        }
    }

    int rules() {
        return rules.size();
    }

    private Part either() {
        List<Part> options = new ArrayList<>();
        options.add(sequence());
        while (isNext('|')) {
            skip();
            options.add(sequence());
        }
        return options.size() == 1 ? options.get(0) : new Either(options);
    }

    private Part sequence() {
        List<Part> parts = new ArrayList<>();
        while (at < text.length() && "|)\n".indexOf(text.charAt(at)) < 0) {
            Part part = part();
            skip();
            parts.add(repeated(part));
            skip();
        }
        return new Sequence(parts);
    }

    private Part part() {
        if (isNext('"')) {
            List<Part> literal = new ArrayList<>();
            while (!isNext('"')) {
                int c = character();
                literal.add(new Chars(List.of(new int[] {c, c})));
            }
            return new Sequence(literal);
        } else if (isNext('[')) {
            List<int[]> ranges = new ArrayList<>();
            while (!isNext(']')) {
                int first = character();
                boolean isRange = text.charAt(at) == '-' && text.charAt(at + 1) != ']';
                at += isRange ? 1 : 0;
                ranges.add(new int[] {first, isRange ? character() : first});
            }
            return new Chars(ranges);
        } else if (isNext('(')) {
            skip();
            Part inner = either();
            expect(")");
            return inner;
        }
        return new Rule(name());
    }

    private Part repeated(Part part) {
        if (isNext('*')) {
            return new Repeat(part, 0, UNBOUNDED);
        } else if (isNext('?')) {
            return new Repeat(part, 0, 1);
        } else if (isNext('{')) {
            int least = Integer.parseInt(name());
            int most = least;
            if (isNext(',')) {
                most = text.charAt(at) == '}' ? UNBOUNDED : Integer.parseInt(name());
            }
            expect("}");
            return new Repeat(part, least, most);
        }
        return part;
    }

    private int character() {
        int c = text.charAt(at++);
        if (c != '\\') {
            return c;
        }
        char kind = text.charAt(at++);
        int digits = "x u   U".indexOf(kind) + 2;
        if (digits >= 2) {
            at += digits;
            return Integer.parseInt(text.substring(at - digits, at), 16);
        }
        return kind == 'n' ? '\n' : kind;
    }

    private String name() {
        int start = at;
        while (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-') {
            at++;
        }
        if (at == start) {
            throw new IllegalStateException("no name at " + text.substring(at, Math.min(text.length(), at + 30)));
        }
        return text.substring(start, at);
    }

    private void skip() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean isNext(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!text.startsWith(token, at)) {
            throw new IllegalStateException(
                    "no " + token + " at " + text.substring(at, Math.min(text.length(), at + 30)));
        }
        at += token.length();
    }

    /** The length of the shortest text of a part, or {@code null} while it is not known. */
    private Integer shortest(Part part) {
        if (part instanceof Chars) {
            return 1;
        } else if (part instanceof Rule rule) {
            return shortest.get(rule.name());
        } else if (part instanceof Repeat repeat) {
            Integer one = repeat.least() == 0 ? Integer.valueOf(0) : shortest(repeat.part());
            return one == null ? null : one * repeat.least();
        } else if (part instanceof Sequence sequence) {
            int sum = 0;
            for (Part each : sequence.parts()) {
                Integer one = shortest(each);
                if (one == null) {
                    return null;
                }
                sum += one;
            }
            return sum;
        }
        return ((Either) part)
                .options().stream()
                        .map(this::shortest)
                        .filter(length -> length != null)
                        .min(Integer::compare)
                        .orElse(null);
    }

    /** One text. After {@code budget} characters it goes the shortest way. */
    String draw(Random random, int budget) {
        StringBuilder out = new StringBuilder();
        draw(rules.get("root"), random, budget, out);
        return out.toString();
    }

    private void draw(Part part, Random random, int budget, StringBuilder out) {
        boolean isLong = out.length() > budget;
        if (part instanceof Chars chars) {
            int[] range = chars.ranges().get(random.nextInt(chars.ranges().size()));
            int wide = random.nextInt(4) == 0 ? range[1] - range[0] : Math.min(range[1] - range[0], 90);
            out.appendCodePoint(range[0] + random.nextInt(wide + 1));
        } else if (part instanceof Rule rule) {
            draw(rules.get(rule.name()), random, budget, out);
        } else if (part instanceof Sequence sequence) {
            sequence.parts().forEach(each -> draw(each, random, budget, out));
        } else if (part instanceof Either either) {
            Part shortestOne = either.options().stream()
                    .min((a, b) -> Integer.compare(shortest(a), shortest(b)))
                    .orElseThrow();
            draw(
                    isLong
                            ? shortestOne
                            : either.options()
                                    .get(random.nextInt(either.options().size())),
                    random,
                    budget,
                    out);
        } else if (part instanceof Repeat repeat) {
            int room = repeat.most() == UNBOUNDED ? MAX_MORE : Math.min(repeat.most() - repeat.least(), MAX_MORE);
            boolean all = random.nextInt(8) == 0 && repeat.most() >= 0 && repeat.most() < 50;
            int more = isLong ? 0 : all ? repeat.most() - repeat.least() : random.nextInt(room + 1);
            for (int i = 0; i < repeat.least() + more; i++) {
                draw(repeat.part(), random, budget, out);
            }
        }
    }

    /** Whether the grammar admits the whole text. */
    boolean admits(String whole) {
        int[] codePoints = whole.codePoints().toArray();
        return new Match(codePoints).ends(rules.get("root"), 0).contains(codePoints.length);
    }

    private final class Match {

        private final int[] input;
        private final IdentityHashMap<Part, Map<Integer, Set<Integer>>> known = new IdentityHashMap<>();

        Match(int[] input) {
            this.input = input;
        }

        Set<Integer> ends(Part part, int from) {
            Map<Integer, Set<Integer>> here = known.computeIfAbsent(part, p -> new HashMap<>());
            Set<Integer> found = here.get(from);
            if (found == null) {
                found = found(part, from);
                here.put(from, found);
            }
            return found;
        }

        private Set<Integer> found(Part part, int from) {
            if (part instanceof Chars chars) {
                return from < input.length && chars.contains(input[from]) ? Set.of(from + 1) : Set.of();
            } else if (part instanceof Rule rule) {
                return ends(rules.get(rule.name()), from);
            } else if (part instanceof Sequence sequence) {
                Set<Integer> ends = new TreeSet<>(Set.of(from));
                for (Part each : sequence.parts()) {
                    ends = after(each, ends);
                }
                return ends;
            } else if (part instanceof Either either) {
                Set<Integer> ends = new TreeSet<>();
                either.options().forEach(option -> ends.addAll(ends(option, from)));
                return ends;
            }
            return repeated((Repeat) part, from);
        }

        private Set<Integer> repeated(Repeat repeat, int from) {
            Set<Integer> ends = new TreeSet<>();
            Set<Integer> reached = Set.of(from);
            for (int count = 0; !reached.isEmpty() && (repeat.most() < 0 || count <= repeat.most()); count++) {
                if (count >= repeat.least() && !ends.addAll(reached)) {
                    break;
                }
                reached = after(repeat.part(), reached);
            }
            return ends;
        }

        private Set<Integer> after(Part part, Set<Integer> from) {
            Set<Integer> ends = new TreeSet<>();
            from.forEach(start -> ends.addAll(ends(part, start)));
            return ends;
        }
    }
}
