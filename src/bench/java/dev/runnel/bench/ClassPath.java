package dev.runnel.bench;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Where this process has its classes from, for a child that needs the same. */
public final class ClassPath {

    private ClassPath() {}

    /** Under Maven the classes come from a loader of its own, not from {@code java.class.path}. */
    public static String ofThisProcess() {
        if (ClassPath.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }
}
