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
 * Turns HotSpot's optimizing compiler (C2) off if the machine has too few processors for it and the streams. A
 * directive (JEP 165) excludes every method, so that methods keep the code of the quick compiler (C1). It holds for the
 * whole process, as {@code -XX:TieredStopAtLevel=1} does from the start.
 */
public final class JvmCompilers {

    private static final Logger LOG = LoggerFactory.getLogger(JvmCompilers.class);

    /** With this number, a compiling processor leaves enough for the streams. */
    private static final int ENOUGH_PROCESSORS = 4;

    private static final String ADDED = "directives added";
    private static final String EXCLUDE_ALL = "[{match: \"*.*\", c2: {Exclude: true}}]";

    private JvmCompilers() {}

    /** Applies the configuration. A JVM without compiler directives gets only a log line. */
    public static void use(Compiler compiler, int processors) {
        if (isQuickAlone(compiler, processors)) {
            String answer = excludeFromC2();
            if (answer.contains(ADDED)) {
                LOG.debug("C2 is off: {}", answer);
            } else {
                LOG.warn("C2 stays on: the JVM does not accept compiler directives ({})", answer);
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

    /** The JVM's answer, or the exception. */
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
