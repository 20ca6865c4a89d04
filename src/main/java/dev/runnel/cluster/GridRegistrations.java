package dev.runnel.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.LifecycleEvent;
import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Vert.x's manager of the cluster, which registers the consumers of this node again after members have changed. A
 * member that was removed takes the others for gone, and deletes their registrations. It may do so after it has merged
 * into their part. Then these are gone for all members, and no message reaches their consumers
 * (https://github.com/eclipse-vertx/vert.x/issues/4394, vertx-hazelcast 5.0.10). Any thread.
 */
final class GridRegistrations extends HazelcastClusterManager {

    /** How often {@link #registerAgain} registers after the last change: a member may delete late. */
    private static final int TIMES = 30;

    private final Set<Registration> own = ConcurrentHashMap.newKeySet();
    private final AtomicInteger timesLeft = new AtomicInteger(TIMES);
    /** Registrations that are not done again yet. */
    private final AtomicInteger open = new AtomicInteger();

    private record Registration(String address, RegistrationInfo info) {}

    GridRegistrations(Config config) {
        super(config);
    }

    @Override
    public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        if (!info.localOnly()) {
            own.add(new Registration(address, info));
        }
        super.addRegistration(address, info, done);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
        own.remove(new Registration(address, info));
        super.removeRegistration(address, info, done);
    }

    @Override
    public synchronized void memberAdded(MembershipEvent event) {
        super.memberAdded(event);
        timesLeft.set(TIMES);
    }

    @Override
    public synchronized void memberRemoved(MembershipEvent event) {
        super.memberRemoved(event);
        timesLeft.set(TIMES);
    }

    @Override
    public synchronized void stateChanged(LifecycleEvent event) {
        super.stateChanged(event);
        timesLeft.set(TIMES);
    }

    /** Called every two seconds. For a minute after a change it registers all consumers again, each time. */
    void registerAgain() {
        if (isActive() && open.get() == 0 && timesLeft.get() > 0) {
            timesLeft.decrementAndGet();
            own.forEach(this::registerAgain);
        }
    }

    private void registerAgain(Registration known) {
        open.incrementAndGet();
        super.addRegistration(known.address(), known.info(), (added, failure) -> {
            open.decrementAndGet();
            if (!own.contains(known)) {
                // Its consumer has ended meanwhile.
                super.removeRegistration(known.address(), known.info(), (removed, ignored) -> {});
            }
        });
    }
}
