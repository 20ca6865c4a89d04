package dev.runnel;

import dev.runnel.config.WarmUpConfig.Compiler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps HotSpot's optimizing compiler (C2) from working beside the streams, where there are too few processors for both: a
 * directive (JEP 165) excludes methods from it, so that they stay with the code that they have, or get that of the quick one
 * (C1). For the whole process.
 */
final class JvmCompilers {

    private static final Logger LOG = LoggerFactory.getLogger(JvmCompilers.class);

    /** With so many, one that compiles leaves enough. */
    private static final int ENOUGH_PROCESSORS = 4;

    private static final String ADDED = "directives added";

    private static final List<String> ALL = List.of("*.*");

    /**
     * What a stream goes through once or not at all, and what C2 would else be busy with for most of the warm-up: keys,
     * limits, requests and their heads, routes, messages on the bus, JSON as a whole, scrapes.
     */
    private static final List<String> BESIDE_EVENTS = List.of(
            "com/fasterxml/*.*",
            "com/sun/crypto/*.*",
            "dev/runnel/auth/*.*",
            "dev/runnel/limit/*.*",
            "io/micrometer/*.*",
            "io/netty/bootstrap/*.*",
            "io/netty/handler/*.*",
            "io/prometheus/*.*",
            "io/vertx/core/eventbus/*.*",
            "io/vertx/core/http/*.*",
            "io/vertx/core/internal/pool/*.*",
            "io/vertx/ext/*.*",
            "io/vertx/micrometer/*.*",
            "java/net/*.*",
            "java/security/*.*",
            "java/time/*.*",
            "java/util/regex/*.*",
            "java/util/stream/*.*",
            "javax/crypto/*.*",
            "sun/security/*.*");

    private JvmCompilers() {}

    /** Called before anything is warm. On a JVM that knows no such directives it only tells so. */
    static void begin(Compiler compiler, int processors) {
        switch (chosen(compiler, processors)) {
            case QUICK -> exclude(ALL);
            case EARLY -> exclude(BESIDE_EVENTS);
            case AUTO, OPTIMIZING -> {}
        }
    }

    /** Called when the service is ready: what was compiled stays. */
    static void settle(Compiler compiler, int processors) {
        if (chosen(compiler, processors) == Compiler.EARLY) {
            exclude(ALL);
        }
    }

    /** What {@code AUTO} means with so many processors; any other means itself. */
    static Compiler chosen(Compiler compiler, int processors) {
        if (compiler != Compiler.AUTO) {
            return compiler;
        }
        return processors < ENOUGH_PROCESSORS ? Compiler.EARLY : Compiler.OPTIMIZING;
    }

    private static void exclude(List<String> methods) {
        String answer = excludeFromC2(methods);
        if (answer.contains(ADDED)) {
            LOG.debug("without the optimizing compiler from now on: {} ({})", methods, answer);
        } else {
            LOG.warn("the JVM's optimizing compiler works on: it takes no directives ({})", answer);
        }
    }

    /** What the JVM says, or why it could not be asked. */
    private static String excludeFromC2(List<String> methods) {
        try {
            Path file = Files.createTempFile("runnel", ".json");
            try {
                Files.writeString(file, directive(methods));
                Object answer = ManagementFactory.getPlatformMBeanServer()
                        .invoke(
                                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                "compilerDirectivesAdd",
                                new Object[] {new String[] {"\"" + file + "\""}},
                                new String[] {String[].class.getName()});
                return String.valueOf(answer).strip();
            } finally {
                Files.delete(file);
            }
        } catch (JMException | JMRuntimeException | IOException e) {
            return e.toString();
        }
    }

    private static String directive(List<String> methods) {
        String matches = methods.stream().map(pattern -> '"' + pattern + '"').collect(Collectors.joining(", "));
        return "[{match: [" + matches + "], c2: {Exclude: true}}]";
    }
}
