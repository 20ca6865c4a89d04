package dev.runnel.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IoReasonTest {

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new IOException("No space left on device"), "the disk is full: free some space"),
                Arguments.of(
                        new FileSystemException("/a", null, "Disk quota exceeded"),
                        "the disk is full: free some space"),
                Arguments.of(new NoSuchFileException("/a"), "no such file: /a"),
                Arguments.of(new AccessDeniedException("/a"), "permission denied: /a"),
                Arguments.of(new FileSystemException("/a", null, "Read-only file system"), "Read-only file system: /a"),
                Arguments.of(new ConnectException("Connection refused"), "no connection (Connection refused)"),
                Arguments.of(new ConnectException().initCause(new UnresolvedAddressException()), "unknown host name"),
                Arguments.of(new HttpConnectTimeoutException("x"), "the host does not answer"),
                Arguments.of(
                        new SSLHandshakeException("PKIX: sun.security.SomeException: no path\nmore"),
                        "no secure connection (PKIX: no path)"),
                Arguments.of(new IOException("Connection reset"), "broken off (Connection reset)"),
                Arguments.of(new IOException((String) null), "broken off"));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void failureIsDescribedInAFewWords(IOException exception, String reason) {
        assertThat(IoReason.of(exception)).isEqualTo(reason);
    }
}
