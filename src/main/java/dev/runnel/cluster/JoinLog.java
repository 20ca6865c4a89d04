package dev.runnel.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.logging.LogEvent;
import com.hazelcast.logging.LogListener;
import java.util.Optional;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/**
 * Why other members refuse this one. Hazelcast (5.6.0) does not return it: it writes it to its log, and starts a
 * cluster of one member, or gives up. Any thread.
 */
final class JoinLog implements LifecycleListener, HazelcastInstanceAware, LogListener {

    private volatile @Nullable String otherName;
    private volatile @Nullable String refusal;

    /** Called before the instance starts to join. */
    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        instance.getLoggingService().addLogListener(Level.WARNING, this);
    }

    @Override
    public void stateChanged(LifecycleEvent event) {
        // A listener of this kind is made early enough. Its events are not needed.
    }

    @Override
    public void log(LogEvent event) {
        String line = String.valueOf(event.getLogRecord().getMessage());
        if (line.contains("different cluster-name")) {
            otherName = line;
        } else if (line.contains("could not join cluster")) {
            refusal = line;
        }
    }

    /** Whether a listed member has another cluster name. */
    boolean hasOtherName() {
        return otherName != null;
    }

    /** What another member or Hazelcast says about this node, in one line. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal).map(line -> line.replace('\n', ' '));
    }
}
