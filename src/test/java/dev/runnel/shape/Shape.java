package dev.runnel.shape;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import dev.runnel.shape.JavaText.Piece;
import dev.runnel.shape.Violation.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Measures files and methods. The methods are those that the JDK's own parser finds. */
final class Shape {

    static final int COLUMNS = 120;
    static final int FILE_LINES = 300;
    static final int METHOD_LINES = 40;
    static final int PARAMETERS = 8;

    private static final Pattern IMPORT = Pattern.compile("import [\\w.* ]+;");

    private Shape() {}

    static List<Violation> violations(List<SourceFile> files) {
        List<Violation> found = new ArrayList<>();
        files.forEach(file -> {
            found.addAll(wideLines(file));
            int lines = codeLines(file);
            if (lines > FILE_LINES) {
                found.add(new Violation(Rule.FILE, file.path(), 1, lines + " code lines (limit " + FILE_LINES + ")"));
            }
        });
        found.addAll(methodViolations(files));
        return found;
    }

    private static List<Violation> wideLines(SourceFile file) {
        List<String> lines = file.text().lines().toList();
        BitSet insideOfTextBlocks = linesInsideOfTextBlocks(file);
        return IntStream.range(0, lines.size())
                .filter(i -> !insideOfTextBlocks.get(i + 1))
                .filter(i -> columns(lines.get(i)) > COLUMNS)
                .filter(i -> !IMPORT.matcher(lines.get(i)).matches())
                .mapToObj(i -> new Violation(
                        Rule.COLUMNS, file.path(), i + 1, columns(lines.get(i)) + " columns (limit " + COLUMNS + ")"))
                .toList();
    }

    /** A line of a text block is a value, such as a row of a table or a body: to wrap it would be to change it. */
    private static BitSet linesInsideOfTextBlocks(SourceFile file) {
        BitSet inside = new BitSet();
        file.pieces().stream()
                .filter(piece -> piece.kind() == JavaText.Kind.STRING)
                .forEach(piece -> inside.set(
                        piece.line() + 1,
                        piece.line() + Math.max(1, (int) piece.text().lines().count())));
        return inside;
    }

    private static int columns(String line) {
        return line.codePointCount(0, line.length());
    }

    /** The lines that are not blank, not only comment and not an import. */
    static int codeLines(SourceFile file) {
        BitSet code = new BitSet();
        for (Piece piece : file.pieces()) {
            if (piece.kind() == JavaText.Kind.CODE || piece.kind() == JavaText.Kind.STRING) {
                List<String> lines = piece.text().lines().toList();
                IntStream.range(0, lines.size())
                        .filter(i -> !lines.get(i).isBlank())
                        .filter(i -> !IMPORT.matcher(lines.get(i).strip()).matches())
                        .forEach(i -> code.set(piece.line() + i));
            }
        }
        return code.cardinality();
    }

    /** Lines and parameters of a method or constructor. The lines run from its name's line to its last one. */
    record Method(SourceFile file, String name, int line, int lines, int parameters) {

        private Stream<Violation> violations() {
            return Stream.of(
                            violation(Rule.METHOD, lines, METHOD_LINES, "lines"),
                            violation(Rule.PARAMETERS, parameters, PARAMETERS, "parameters"))
                    .flatMap(violation -> violation);
        }

        private Stream<Violation> violation(Rule rule, int count, int limit, String unit) {
            String what = "%s has %d %s (limit %d)".formatted(name, count, unit, limit);
            return count > limit ? Stream.of(new Violation(rule, file.path(), line, what)) : Stream.empty();
        }
    }

    private static List<Violation> methodViolations(List<SourceFile> files) {
        return methods(files).stream().flatMap(Method::violations).toList();
    }

    static List<Method> methods(List<SourceFile> files) {
        if (files.isEmpty()) {
            return List.of();
        }
        List<Source> sources = files.stream().map(Source::new).toList();
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, null, List.of("-proc:none"), null, sources);
        List<Method> methods = new ArrayList<>();
        try {
            Iterator<SourceFile> file = files.iterator();
            for (CompilationUnitTree unit : task.parse()) {
                new Methods(file.next(), unit, Trees.instance(task).getSourcePositions(), methods).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return methods;
    }

    private static final class Methods extends TreeScanner<Void, Void> {

        private final SourceFile file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<Method> methods;
        /** Whether the innermost type is a record: its components are values, of which it may have more. */
        private boolean record;

        Methods(SourceFile file, CompilationUnitTree unit, SourcePositions positions, List<Method> methods) {
            this.file = file;
            this.unit = unit;
            this.positions = positions;
            this.methods = methods;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            boolean outer = record;
            record = type.getKind() == Tree.Kind.RECORD;
            super.visitClass(type, null);
            record = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            int first = line(start(method));
            int last = line(positions.getEndPosition(unit, method));
            String name = method.getName().toString();
            int parameters =
                    record && name.equals("<init>") ? 0 : method.getParameters().size();
            methods.add(new Method(file, name, first, last - first + 1, parameters));
            return super.visitMethod(method, null);
        }

        /** The first character after the annotations, which may be a long table of a test's values. */
        private long start(MethodTree method) {
            long after = method.getModifiers().getAnnotations().stream()
                    .mapToLong(annotation -> positions.getEndPosition(unit, annotation))
                    .max()
                    .orElse(positions.getStartPosition(unit, method));
            int start = (int) after;
            while (Character.isWhitespace(file.text().charAt(start))) {
                start += 1;
            }
            return start;
        }

        private int line(long position) {
            return (int) unit.getLineMap().getLineNumber(position);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(SourceFile file) {
            super(URI.create("string:///" + file.path().toString().replace('\\', '/')), JavaFileObject.Kind.SOURCE);
            this.text = file.text();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
