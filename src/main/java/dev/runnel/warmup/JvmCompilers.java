package dev.runnel.warmup;

import dev.runnel.config.WarmUpConfig.Compiler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps HotSpot's optimizing compiler (C2) from working, where there are too few processors for it beside the streams: a
 * directive (JEP 165) excludes every method from it, so that they stay with the code of the quick one (C1). For the whole
 * process, as {@code -XX:TieredStopAtLevel=1} would be from its start.
 */
public final class JvmCompilers {

    private static final Logger LOG = LoggerFactory.getLogger(JvmCompilers.class);

    /** With so many, one that compiles leaves enough. */
    private static final int ENOUGH_PROCESSORS = 4;

    private static final String ADDED = "directives added";
    private static final String EXCLUDE_ALL = "[{match: \"*.*\", c2: {Exclude: true}}]";

    private JvmCompilers() {}

    /** Does what the configuration says. On a JVM that knows no such directives it only tells so. */
    public static void use(Compiler compiler, int processors) {
        if (isQuickAlone(compiler, processors)) {
            String answer = excludeFromC2();
            if (answer.contains(ADDED)) {
                LOG.debug("the quick compiler alone: {}", answer);
            } else {
                LOG.warn("the JVM's optimizing compiler works too: it takes no directives ({})", answer);
            }
        }
    }

    static boolean isQuickAlone(Compiler compiler, int processors) {
        return switch (compiler) {
            case AUTO -> processors < ENOUGH_PROCESSORS;
            case QUICK -> true;
            case OPTIMIZING -> false;
        };
    }

    /** What the JVM says, or why it could not be asked. */
    private static String excludeFromC2() {
        try {
            Path file = Files.createTempFile("runnel", ".json");
            try {
                Files.writeString(file, EXCLUDE_ALL);
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
}
