package dev.runnel.warmup;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets how much of the heap may be free before HotSpot's collector returns memory or grows the heap.
 *
 * <p>Right after the start little memory is in use. With its defaults, G1 then returns so much that the rest is full
 * soon, and all streams pause for some milliseconds every second or two. When many streams open, G1 also grows the heap
 * more than they need. If a JVM option sets one of the two values, nothing is changed.
 */
public final class JvmHeap {

    private static final Logger LOG = LoggerFactory.getLogger(JvmHeap.class);

    /** The most free memory after a full collection, in percent. The collector returns the rest. */
    private static final String MAX_FREE = "MaxHeapFreeRatio";

    /** The least free memory, in percent. With less, the heap grows. */
    private static final String MIN_FREE = "MinHeapFreeRatio";

    /**
     * Keeps about 200 MB after the warm-up, if the JVM started with as much. 100 would keep all 380 MB of a machine of
     * 24 GB. That made collections half as frequent, but a further open stream took 43 KB instead of 25 KB.
     */
    private static final String MAX = "92";

    /** With HotSpot's 40, a further open stream took 22 to 42 KB instead of 15 KB, and events were not faster. */
    private static final String MIN = "10";

    private JvmHeap() {}

    /** Sets both values, if the JVM has these options. */
    public static void size() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (jvm == null) {
            return;
        }
        try {
            if (isUnset(jvm, MAX_FREE) && isUnset(jvm, MIN_FREE)) {
                jvm.setVMOption(MAX_FREE, MAX);
                jvm.setVMOption(MIN_FREE, MIN);
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("the JVM does not accept the heap options: {}", e.toString());
        }
    }

    private static boolean isUnset(HotSpotDiagnosticMXBean jvm, String option) {
        return jvm.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT;
    }
}
