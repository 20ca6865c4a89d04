package dev.runnel.cli;

import dev.runnel.warmup.AotCache;
import dev.runnel.warmup.JvmAot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The line of the log that says how a start with an AOT cache is possible, where this JVM can use one and does not. */
final class AotAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(AotAdvice.class);

    private AotAdvice() {}

    static void log(Path dataDirectory) {
        try {
            AotCache.ofProcess(dataDirectory)
                    .flatMap(cache -> of(JvmAot.ofProcess(), cache))
                    .ifPresent(LOG::info);
        } catch (IOException e) {
            LOG.debug("the jar cannot be read: {}", e.toString());
        }
    }

    /** Empty if the JVM cannot use a cache, or uses one. */
    static Optional<String> of(JvmAot jvm, AotCache cache) {
        if (!jvm.canTrain() || jvm.isUsed()) {
            return Optional.empty();
        }
        String train = "java -jar " + cache.jar() + " train";
        return Optional.of(jvm.given()
                .map(file -> file + ": no AOT cache of this jar and JVM, so it is not used (to make it: " + train
                        + " --out " + file + ")")
                .orElseGet(() -> Files.isRegularFile(cache.file())
                        ? "This start can be faster, with the AOT cache of this jar: java -XX:AOTCache=" + cache.file()
                                + " -jar " + cache.jar()
                        : "This start can be faster, with an AOT cache (to make it: " + train + ")"));
    }
}
