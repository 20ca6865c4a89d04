package dev.runnel.auth;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.config.AuthConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A running service and the keys that another process revokes. */
@ExtendWith(VertxExtension.class)
class RevocationTest {

    @TempDir
    private Path data;

    private Vertx vertx;
    private final ManualClock clock = new ManualClock();
    private KeyRegistry otherProcess;
    private Keyring keyring;

    @BeforeEach
    void openRegistry(Vertx vertx) {
        this.vertx = vertx;
        otherProcess = new KeyRegistry(data, clock);
    }

    @AfterEach
    void close() throws Exception {
        keyring.close().await(5, SECONDS);
    }

    @Test
    void keyThatAnotherProcessRevokesIsReportedAndRefusedAlsoWhenItIsCached() throws Exception {
        open();
        Authenticator authenticator = keyring.authenticator();
        IssuedKey key = issue(Duration.ofDays(1));
        authenticator.authenticate("Bearer " + key.token()).await(5, SECONDS);
        Promise<String> reported = Promise.promise();
        keyring.revocations().onRevoked(reported::tryComplete);

        otherProcess.revoke(key.id());

        assertThat(reported.future().await(5, SECONDS)).isEqualTo(key.id());
        assertThat(keyring.revocations().contains(key.id())).isTrue();
        assertThatThrownBy(() ->
                        authenticator.authenticate("Bearer " + key.token()).await(5, SECONDS))
                .isInstanceOf(AuthException.class)
                .hasMessageContaining("revoked");
    }

    @Test
    void revocationsBeforeTheStartHold() throws Exception {
        otherProcess.revoke("key_old");

        open();

        assertThat(keyring.revocations().contains("key_old")).isTrue();
    }

    @Test
    void revocationsOfKeysThatExpiredLongAgoAreNotKept() throws Exception {
        open();
        IssuedKey key = issue(Duration.ofMinutes(1));
        otherProcess.recordIssued(key, new KeyRequest("alice", "standard", Scope.ALL, Duration.ofMinutes(1)));
        otherProcess.revoke(key.id());
        keyring.close().await(5, SECONDS);
        clock.pass(Duration.ofHours(2));

        open();

        assertThat(keyring.revocations().contains(key.id())).isFalse();
    }

    @Test
    void eachRevocationIsReportedOnceAndNotToARemovedListener() throws Exception {
        open();
        List<String> reported = new ArrayList<>();
        Promise<Void> last = Promise.promise();
        Runnable remove = keyring.revocations().onRevoked(reported::add);
        keyring.revocations().add("key_a");
        keyring.revocations().add("key_a");
        remove.run();
        keyring.revocations().onRevoked(id -> last.tryComplete());

        otherProcess.revoke("key_b");
        last.future().await(5, SECONDS);

        assertThat(reported).containsExactly("key_a");
    }

    @Test
    void revocationsHoldWhenTheRegistryIsDeleted() throws Exception {
        otherProcess.revoke("key_a");
        open();
        Files.delete(data.resolve(KeyRegistry.FILE_NAME));
        Promise<String> reported = Promise.promise();
        keyring.revocations().onRevoked(reported::tryComplete);

        otherProcess.revoke("key_b");

        assertThat(reported.future().await(5, SECONDS)).isEqualTo("key_b");
        assertThat(keyring.revocations().contains("key_a")).isTrue();
    }

    @Test
    void listenerThatThrowsDoesNotStopTheOthers() throws Exception {
        open();
        Promise<String> reported = Promise.promise();
        keyring.revocations().onRevoked(id -> {
            throw new IllegalStateException("of this test");
        });
        keyring.revocations().onRevoked(reported::tryComplete);

        otherProcess.revoke("key_a");

        assertThat(reported.future().await(5, SECONDS)).isEqualTo("key_a");
    }

    @Test
    void localKeysAreRefusedWhileARevocationCannotBeRead() throws Exception {
        open();
        Authenticator authenticator = keyring.authenticator();
        String header = "Bearer " + issue(Duration.ofDays(1)).token();
        authenticator.authenticate(header).await(5, SECONDS);
        otherProcess.revoke("key_a");
        Path log = data.resolve(KeyRegistry.FILE_NAME);
        String good = Files.readString(log);

        Files.writeString(log, good + "{\"event\":\"revoked\",\"id\":\"key_b\",\"id\":\"key_c\"}\n");
        await().untilAsserted(() -> assertRefused(authenticator, header));

        Files.writeString(log, good);
        await().until(() -> keyring.revocations().isComplete());
        authenticator.authenticate(header).await(5, SECONDS);
    }

    @Test
    void localKeysAreRefusedFromTheStartIfARevocationCannotBeRead() throws Exception {
        otherProcess.revoke("key_a");
        Files.writeString(data.resolve(KeyRegistry.FILE_NAME), "{\"event\":\"revo\u0000ed\",\"id\":\"key_a\"}\n");

        open();

        assertRefused(
                keyring.authenticator(), "Bearer " + issue(Duration.ofDays(1)).token());
    }

    @Test
    void halfALineIsDamagedInTheReadAfterTheNext() throws Exception {
        otherProcess.revoke("key_a");
        Path log = data.resolve(KeyRegistry.FILE_NAME);
        Files.writeString(log, "{\"event\":\"revoked\",\"id\":\"ke", StandardOpenOption.APPEND);

        open();
        assertThat(keyring.revocations().isComplete()).isTrue();

        await().until(() -> !keyring.revocations().isComplete());
        assertThat(keyring.revocations().contains("key_a")).isTrue();
    }

    @Test
    void localKeysAreRefusedWhileTheRegistryCannotBeRead() throws Exception {
        otherProcess.revoke("key_a");
        open();
        Path log = data.resolve(KeyRegistry.FILE_NAME);
        byte[] content = Files.readAllBytes(log);

        Files.delete(log);
        Files.createDirectory(log);
        await().until(() -> !keyring.revocations().isComplete());

        Files.delete(log);
        Files.write(log, content);
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
        await().until(() -> keyring.revocations().isComplete());
    }

    @Test
    void missingRegistryIsReportedOnceAndMadeAnew() throws Exception {
        AuthConfig config = AuthSettings.withoutSecret();
        Keyring.open(vertx, config, data, clock).compose(Keyring::close).await(5, SECONDS);
        Path log = data.resolve(KeyRegistry.FILE_NAME);
        Files.delete(log);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(RevocationWatch.class);
        logger.addAppender(lines);

        Keyring.open(vertx, config, data, clock).compose(Keyring::close).await(5, SECONDS);
        keyring = Keyring.open(vertx, config, data, clock).await(5, SECONDS);
        logger.detachAppender(lines);

        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN))
                .satisfies(line -> assertThat(line.getFormattedMessage()).startsWith(log + ": missing, although"));
        assertThat(log).isEmptyFile();
    }

    /** Its result would arrive at an event loop that has ended. */
    @Test
    void closingWaitsForAReadThatIsInProgress() throws Exception {
        Vertx oneWorker = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1));
        open();
        Keyring other =
                Keyring.open(oneWorker, AuthSettings.local(), data, clock).await(5, SECONDS);
        CountDownLatch isFree = new CountDownLatch(1);
        Future<Boolean> work = oneWorker.executeBlocking(() -> isFree.await(20, SECONDS), false);
        // The next read waits for the worker.
        oneWorker.timer(2 * RevocationWatch.PERIOD_MILLIS, MILLISECONDS).await(5, SECONDS);

        Future<Void> closed = other.close();

        assertThat(closed.isComplete()).isFalse();
        isFree.countDown();
        closed.await(5, SECONDS);
        assertThat(work.await(5, SECONDS)).isTrue();
        oneWorker.close().await(5, SECONDS);
    }

    private static void assertRefused(Authenticator authenticator, String header) {
        assertThatThrownBy(() -> authenticator.authenticate(header).await(5, SECONDS))
                .isInstanceOf(AuthException.class)
                .hasMessageContaining("cannot read all revocations");
    }

    private void open() throws Exception {
        keyring = Keyring.open(vertx, AuthSettings.local(), data, clock).await(5, SECONDS);
    }

    private IssuedKey issue(Duration lifetime) {
        return keyring.issuer().issue(new KeyRequest("alice", "standard", Scope.ALL, lifetime));
    }
}
