package dev.runnel.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps where the service files of the class path are. Each new Vert.x looks in every jar for its providers, which
 * takes a seventh of the time of a seed.
 */
final class CachedServices extends ClassLoader {

    private static final CachedServices OF_TESTS = new CachedServices();

    private final Map<String, List<URL>> found = new ConcurrentHashMap<>();

    private CachedServices() {
        super(CachedServices.class.getClassLoader());
    }

    /** Makes something for which services are looked up. */
    static <T> T with(Supplier<T> made) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(OF_TESTS);
        try {
            return made.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public Enumeration<URL> getResources(String name) {
        return Collections.enumeration(found.computeIfAbsent(name, this::find));
    }

    private List<URL> find(String name) {
        try {
            return Collections.list(getParent().getResources(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
