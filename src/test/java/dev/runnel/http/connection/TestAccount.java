package dev.runnel.http.connection;

import dev.runnel.metric.ConnectionMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Accounts for tests with few connections. */
public final class TestAccount {

    private TestAccount() {}

    /** One whose limits no test reaches. */
    public static ConnectionAccount of(MeterRegistry registry) {
        return new ConnectionAccount(new ConnectionLimits(1000, 1000, 1000, List.of()), new ConnectionMeters(registry));
    }
}
