package dev.runnel.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.AuthConfig;
import dev.runnel.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningSecretTest {

    @TempDir
    private Path data;

    @Test
    void firstOpeningCreatesASecretThatOnlyTheOwnerCanRead() throws IOException {
        SigningSecret made = SigningSecret.open(Optional.empty(), data.resolve("new"));

        Path file = data.resolve("new").resolve(SigningSecret.FILE_NAME);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(made.value().length()).isGreaterThanOrEqualTo(AuthConfig.MIN_SECRET_BYTES);
        assertThat(SigningSecret.open(Optional.empty(), data.resolve("new")).value())
                .isEqualTo(made.value());
        assertThat(file.getParent().toFile().list())
                .containsExactlyInAnyOrder(SigningSecret.FILE_NAME, KeyRegistry.FILE_NAME);
        assertThat(file.resolveSibling(KeyRegistry.FILE_NAME)).isEmptyFile();
    }

    @Test
    void textOfTheFileIsTheSecretForAnotherNode() throws IOException {
        SigningSecret made = SigningSecret.open(Optional.empty(), data);
        String text = Files.readString(data.resolve(SigningSecret.FILE_NAME)).strip();

        SigningSecret given = SigningSecret.open(Optional.of(new Secret(text.getBytes(UTF_8))), Path.of("/nowhere"));

        assertThat(given.value()).isEqualTo(made.value());
    }

    @Test
    void manyAtOnceAgreeOnOneSecret() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        Callable<Secret> open = () -> SigningSecret.open(Optional.empty(), data).value();
        Set<Secret> secrets = pool
                .invokeAll(Stream.generate(() -> open).limit(64).toList())
                .stream()
                .map(SigningSecretTest::value)
                .collect(Collectors.toSet());
        pool.shutdown();

        assertThat(secrets).hasSize(1);
    }

    @Test
    void shortSecretIsRefused() {
        assertThatThrownBy(() -> SigningSecret.open(Optional.of(new Secret(new byte[31])), data))
                .isInstanceOf(AuthSetupException.class)
                .hasMessage("auth.secret: 31 bytes (expected: 32 or more random ones)");
    }

    @Test
    void shortSecretFileIsRefused() throws IOException {
        Path file = Files.createFile(data.resolve(SigningSecret.FILE_NAME));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        assertThatThrownBy(() -> SigningSecret.open(Optional.empty(), data)).hasMessageContaining("0 bytes");
    }

    @Test
    void secretThatOthersMayReadIsRefused() throws IOException {
        SigningSecret.open(Optional.empty(), data);
        Files.setPosixFilePermissions(
                data.resolve(SigningSecret.FILE_NAME), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> SigningSecret.open(Optional.empty(), data))
                .isInstanceOf(AuthSetupException.class)
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600");
    }

    @Test
    void secretNeverPrints() {
        SigningSecret secret = SigningSecret.open(
                Optional.of(new Secret("a-secret-that-is-long-enough-for-this".getBytes(UTF_8))), data);

        assertThat(secret.toString()).doesNotContain("long-enough");
    }

    private static Secret value(java.util.concurrent.Future<Secret> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
