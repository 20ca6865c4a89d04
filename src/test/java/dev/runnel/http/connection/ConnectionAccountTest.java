package dev.runnel.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.config.ConnectionConfig;
import dev.runnel.config.TestConfig;
import dev.runnel.metric.ConnectionMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Which connection is closed over a limit. */
class ConnectionAccountTest {

    private static final int MANY = 100;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<String> closed = new ArrayList<>();

    private ConnectionAccount account(int total, int perAddress, int withoutKey) {
        return account(new ConnectionLimits(total, perAddress, withoutKey, List.of()));
    }

    private ConnectionAccount account(ConnectionLimits limits) {
        return new ConnectionAccount(limits, new ConnectionMeters(registry));
    }

    private CountedConnection open(ConnectionAccount account, String name) {
        return new CountedConnection(account, "192.0.2.1", () -> closed.add(name));
    }

    private double closed(String limit) {
        return registry.get("runnel.connections.limited")
                .tag("limit", limit)
                .counter()
                .count();
    }

    private static CountedConnection withKey(CountedConnection connection) {
        connection.requestStarted();
        connection.authenticated();
        connection.requestEnded();
        return connection;
    }

    @Test
    void longestIdleConnectionWithoutKeyIsClosed() {
        ConnectionAccount account = account(3, MANY, MANY);
        withKey(open(account, "key"));
        CountedConnection first = open(account, "first");
        open(account, "second");
        first.requestStarted();
        first.requestEnded();

        open(account, "third");
        open(account, "fourth");

        assertThat(closed).containsExactly("second", "first");
        assertThat(closed("total")).isEqualTo(2);
    }

    @Test
    void newestConnectionIsClosedIfTheOthersAreBusyOrHaveAKey() {
        ConnectionAccount account = account(2, MANY, MANY);
        withKey(open(account, "key"));
        open(account, "busy").requestStarted();

        open(account, "newest");

        assertThat(closed).containsExactly("newest");
    }

    @Test
    void connectionWithAnotherRequestUnansweredIsBusy() {
        ConnectionAccount account = account(1, MANY, MANY);
        CountedConnection connection = open(account, "busy");
        connection.requestStarted();
        connection.requestStarted();
        connection.requestEnded();

        open(account, "newest");

        assertThat(closed).containsExactly("newest");
    }

    @Test
    void closedConnectionLeavesRoom() {
        ConnectionAccount account = account(1, 1, 1);
        open(account, "one").closed();
        CountedConnection evicted = open(account, "two");
        open(account, "three").closed();
        evicted.closed();
        open(account, "four");

        assertThat(closed).containsExactly("two");
    }

    @Test
    void connectionsWithKeyAreNotCountedAsWithoutKey() {
        ConnectionAccount account = account(MANY, MANY, 1);
        withKey(open(account, "a"));
        withKey(open(account, "b")).closed();
        open(account, "c");

        assertThat(closed).isEmpty();

        open(account, "d");

        assertThat(closed).containsExactly("c");
        assertThat(closed("without_key")).isEqualTo(1);
    }

    @Test
    void limitOfAnAddressClosesOnlyItsOwnConnections() {
        ConnectionAccount account = account(MANY, 2, MANY);
        account.opened("192.0.2.9", () -> closed.add("other"));
        open(account, "one");
        open(account, "two");
        open(account, "three");

        assertThat(closed).containsExactly("one");
        assertThat(closed("address")).isEqualTo(1);
    }

    @Test
    void trustedProxyMayOpenMoreThanAnAddress() {
        ConnectionConfig config = TestConfig.of(
                        "http: { connectionsPerAddress: 1, trustedProxies: [ 10.0.0.0/8, \"2001:db8::1\" ] }")
                .http()
                .connections();
        ConnectionAccount account = account(ConnectionLimits.of(config, 1024));
        for (String address : List.of("10.1.2.3", "10.1.2.3", "2001:db8:0::1", "2001:db8::1", "2001:db8::2")) {
            account.opened(address, () -> closed.add(address));
        }

        assertThat(closed).isEmpty();

        account.opened("2001:db8::2", () -> closed.add("newest"));

        assertThat(closed).containsExactly("2001:db8::2");
    }

    @Test
    void connectionsMayUseHalfOfTheDescriptorsBeyondTheReserveAndAQuarterOfTheseWithoutKey() {
        ConnectionConfig unset = new ConnectionConfig(OptionalInt.empty(), 1000, OptionalInt.empty(), List.of());

        assertThat(ConnectionLimits.of(unset, 1024)).isEqualTo(new ConnectionLimits(412, 1000, 103, List.of()));
        assertThat(ConnectionLimits.of(unset, 100)).isEqualTo(new ConnectionLimits(1, 1000, 1, List.of()));
        assertThat(ConnectionLimits.of(unset, Long.MAX_VALUE))
                .isEqualTo(new ConnectionLimits(50_000, 1000, 12_500, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"412, 1024, false", "413, 1024, true", "1000, 1024, true", "1, 100, false"})
    void limitThatLeavesTooFewDescriptorsIsLogged(int total, long descriptors, boolean isLogged) {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(ConnectionLimits.class);
        logger.addAppender(lines);

        ConnectionLimits.of(new ConnectionConfig(OptionalInt.of(total), 5, OptionalInt.of(1), List.of()), descriptors);

        logger.detachAppender(lines);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(isLogged ? 1 : 0)
                .allSatisfy(
                        line -> assertThat(line).startsWith("http.connections: " + total + " (expected: at most 412"));
    }

    @Test
    void configuredLimitsReplaceTheDerivedOnes() {
        ConnectionConfig config = new ConnectionConfig(OptionalInt.of(10), 5, OptionalInt.of(7), List.of());

        assertThat(ConnectionLimits.of(config, 1024)).isEqualTo(new ConnectionLimits(10, 5, 7, List.of()));
    }
}
