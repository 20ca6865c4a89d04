package dev.runnel;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets HotSpot's collector keep the heap that it has. By itself G1 gives most of it back when little is in use, as right after
 * the start, and then stops every stream for some milliseconds every second or two, because the little that is left is soon
 * full. {@code -Xmx} remains the bound. Whoever sets one of the two options for the JVM has decided, and nothing is changed.
 */
final class JvmHeap {

    private static final Logger LOG = LoggerFactory.getLogger(JvmHeap.class);

    /** In per cent of the heap, at a collection that looks at all of it. */
    private static final String MOST_FREE = "MaxHeapFreeRatio";

    private static final String LEAST_FREE = "MinHeapFreeRatio";
    private static final String ALL = "100";
    private static final String MORE_THAN_HALF = "70";

    private JvmHeap() {}

    /** Does it, where the JVM knows such options. */
    static void keepRoom() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (jvm == null) {
            return;
        }
        try {
            if (isUntouched(jvm, MOST_FREE) && isUntouched(jvm, LEAST_FREE)) {
                jvm.setVMOption(MOST_FREE, ALL);
                jvm.setVMOption(LEAST_FREE, MORE_THAN_HALF);
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("the JVM sizes its heap its own way: {}", e.toString());
        }
    }

    private static boolean isUntouched(HotSpotDiagnosticMXBean jvm, String option) {
        return jvm.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT;
    }
}
