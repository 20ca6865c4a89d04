package dev.runnel.cluster;

import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;

/** Whether this member merges into a larger part of a split cluster. Any thread. */
final class MergeWatch implements LifecycleListener {

    private volatile boolean isMerging;

    /** From the start, when this member leaves its part, until its entries are in the maps of the larger part. */
    boolean isMerging() {
        return isMerging;
    }

    @Override
    public void stateChanged(LifecycleEvent event) {
        switch (event.getState()) {
            case MERGING -> isMerging = true;
            case MERGED, MERGE_FAILED, SHUTTING_DOWN, SHUTDOWN -> isMerging = false;
            default -> {
                // The others say nothing about it.
            }
        }
    }
}
