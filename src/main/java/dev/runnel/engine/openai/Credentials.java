package dev.runnel.engine.openai;

import dev.runnel.net.Pem;
import dev.runnel.text.Failure;
import dev.runnel.text.FailureCode;
import dev.runnel.text.GenerationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the keys and certificates of upstreams. No failure repeats their content. */
final class Credentials {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,4096}");
    private static final String KEY_RULE = " (expected: a key of 1-4096 visible ASCII characters)";

    private final Vertx vertx;
    private final Function<String, @Nullable String> variables;

    /** @param variables the environment variables */
    Credentials(Vertx vertx, Function<String, @Nullable String> variables) {
        this.vertx = vertx;
        this.variables = variables;
    }

    /** @param path the place of the upstream in the configuration */
    Future<Optional<String>> key(String path, CredentialSource source) {
        if (source instanceof CredentialSource.Environment environment) {
            String place = path + ".keyEnv: " + environment.variable();
            String value = variables.apply(environment.variable());
            return value == null ? failed(place + " is not set" + KEY_RULE) : key(place, value);
        }
        if (source instanceof CredentialSource.File file) {
            String place = path + ".keyFile: " + file.path();
            return read(place, file.path()).compose(bytes -> key(place, bytes.toString(StandardCharsets.UTF_8)));
        }
        return Future.succeededFuture(Optional.empty());
    }

    private static Future<Optional<String>> key(String place, String value) {
        String key = value.strip();
        return KEY.matcher(key).matches()
                ? Future.succeededFuture(Optional.of(key))
                : failed(place + " holds no key" + KEY_RULE);
    }

    /** The unchanged content of a file of PEM certificates. */
    Future<Optional<Buffer>> trust(String path, Optional<Path> file) {
        if (file.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        String place = path + ".trustFile: " + file.get();
        return read(place, file.get())
                .compose(pem -> hasCertificate(pem)
                        ? Future.succeededFuture(Optional.of(Pem.withoutByteOrderMark(pem)))
                        : failed(place + " holds no certificate (expected: PEM certificates)"));
    }

    private Future<Buffer> read(String place, Path file) {
        return vertx.fileSystem()
                .readFile(file.toString())
                .recover(cause -> failed(place + " cannot be read (expected: a file that this process may read)"));
    }

    private static boolean hasCertificate(Buffer pem) {
        try {
            return !Pem.certificates(pem).isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static <T> Future<T> failed(String line) {
        return Future.failedFuture(new GenerationException(Failure.of(FailureCode.MODEL_UNAVAILABLE, line)));
    }
}
