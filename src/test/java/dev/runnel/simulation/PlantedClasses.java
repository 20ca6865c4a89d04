package dev.runnel.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Loads the service and the simulation anew, with a bug in the service. Libraries are shared. */
final class PlantedClasses extends ClassLoader {

    private static final String OWN = "dev.runnel.";
    private static final Path SOURCES = Path.of("src/main/java/dev/runnel");

    private final Map<String, byte[]> planted;

    private PlantedClasses(Map<String, byte[]> planted) {
        super(PlantedClasses.class.getClassLoader());
        this.planted = planted;
    }

    static PlantedClasses with(SourceBug plant) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> compiled = new HashMap<>();
        var messages = new StringWriter();
        try (JavaFileManager files = new InMemory(compiler.getStandardFileManager(null, null, null), compiled)) {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            List<String> options = List.of("-proc:none", "-nowarn", "-classpath", path);
            List<Source> sources = sources(plant);
            boolean succeeded = compiler.getTask(messages, files, null, options, null, sources)
                    .call();
            if (!succeeded) {
                throw new IllegalStateException(plant.name() + " does not compile: " + messages);
            }
        }
        Map<String, byte[]> classes = new HashMap<>();
        compiled.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return new PlantedClasses(classes);
    }

    private static List<Source> sources(SourceBug plant) throws IOException {
        Map<String, String> texts = new HashMap<>();
        for (SourceBug.Edit edit : plant.edits()) {
            Path file = SOURCES.resolve(edit.file() + ".java");
            String text = texts.containsKey(edit.file()) ? texts.get(edit.file()) : Files.readString(file);
            if (text.split(java.util.regex.Pattern.quote(edit.before()), -1).length != 2) {
                throw new IllegalStateException(
                        plant.name() + ": not once in " + file + " (expected: once): " + edit.before());
            }
            texts.put(edit.file(), text.replace(edit.before(), edit.after()));
        }
        return texts.entrySet().stream()
                .map(entry -> new Source(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** A {@link SeedRun} of the classes with the bug. */
    @SuppressWarnings("unchecked") // the class is another one than that of the caller
    LongFunction<String> seeds(int nodes) throws ReflectiveOperationException {
        return (LongFunction<String>)
                loadClass(SeedRun.class.getName()).getConstructor(int.class).newInstance(nodes);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = planted.containsKey(name) ? planted.get(name) : original(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(String name) throws ClassNotFoundException {
        try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("planted:///dev/runnel/" + file + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps the compiled classes by their names. */
    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> compiled;

        InMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> compiled) {
            super(files);
            this.compiled = compiled;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("planted:///" + name), kind) {

                @Override
                public OutputStream openOutputStream() {
                    return compiled.computeIfAbsent(name, first -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
