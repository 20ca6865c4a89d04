package dev.runnel.warmup;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells HotSpot's collector how much of the heap that it has may be free. Right after the start little is in use, and by itself
 * G1 then gives back so much that what is left is soon full, and all streams stop for some milliseconds every second or two;
 * and as many streams open it takes more than they need. Whoever sets one of the options for the JVM has decided, and nothing is
 * changed.
 */
public final class JvmHeap {

    private static final Logger LOG = LoggerFactory.getLogger(JvmHeap.class);

    /** How much may be free, in per cent, where the collector looks at all of the heap: more than that is given back. */
    private static final String MOST_FREE = "MaxHeapFreeRatio";

    /** And with less than that free the heap grows. */
    private static final String LEAST_FREE = "MinHeapFreeRatio";

    /**
     * About 200 MB behind the warm-up, if the JVM began with as much. All of the 380 MB of a machine of 24 GB, which 100 would
     * keep, made collections half as frequent, and a further open stream take 43 KB in place of 25.
     */
    private static final String MOST = "92";

    /** With HotSpot's 40 a further open stream took 22 to 42 KB in place of 15, and events came no earlier. */
    private static final String LEAST = "10";

    private JvmHeap() {}

    /** Does it, where the JVM knows such options. */
    public static void size() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (jvm == null) {
            return;
        }
        try {
            if (isUnset(jvm, MOST_FREE) && isUnset(jvm, LEAST_FREE)) {
                jvm.setVMOption(MOST_FREE, MOST);
                jvm.setVMOption(LEAST_FREE, LEAST);
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("the JVM sizes its heap its own way: {}", e.toString());
        }
    }

    private static boolean isUnset(HotSpotDiagnosticMXBean jvm, String option) {
        return jvm.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT;
    }
}
