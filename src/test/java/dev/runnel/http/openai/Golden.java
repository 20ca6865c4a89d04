package dev.runnel.http.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Files with the exact bytes of answers. */
public final class Golden {

    private Golden() {}

    /** A file of this package, as text. */
    public static String file(String name) {
        return file(Golden.class, name);
    }

    /** A file of the package of a class, as text. */
    public static String file(Class<?> neighbour, String name) {
        try (InputStream in = Objects.requireNonNull(neighbour.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
