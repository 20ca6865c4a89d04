package dev.runnel.warmup;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What this JVM can do with AOT caches (JEP 483, 514 and 515). Such a file has the classes of a jar as the JVM has them
 * in memory, and profiles of their methods. A JVM uses one only if an option of its start names it.
 *
 * @param canTrain whether it can write one when it ends, as JDK 25 and later can
 * @param given the file of its option {@code -XX:AOTCache}; empty without that option
 * @param isUsed whether it runs with that file; it does not if the file is missing, damaged, or of another jar or JVM
 */
public record JvmAot(boolean canTrain, Optional<Path> given, boolean isUsed) {

    private static final String GIVEN = "AOTCache";
    private static final String WRITTEN = "AOTCacheOutput";

    /** How HotSpot describes itself, such as {@code mixed mode, sharing}. Without a cache the last word is missing. */
    private static final String DESCRIPTION = "java.vm.info";

    private static final String USED = "sharing";

    /** Of this process. */
    public static JvmAot ofProcess() {
        Optional<Path> given = option(GIVEN).filter(file -> !file.isEmpty()).map(Path::of);
        boolean isUsed =
                given.isPresent() && System.getProperty(DESCRIPTION, "").contains(USED);
        return new JvmAot(option(WRITTEN).isPresent(), given, isUsed);
    }

    /** The value of an option; empty if this JVM does not have the option. */
    private static Optional<String> option(String name) {
        try {
            return Optional.ofNullable(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class))
                    .map(jvm -> jvm.getVMOption(name).getValue());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
