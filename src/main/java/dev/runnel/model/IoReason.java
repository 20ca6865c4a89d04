package dev.runnel.model;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Describes in a few words why a read, a write or a connection failed. */
final class IoReason {

    static final String FULL_DISK = "the disk is full: free some space";

    private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z0-9_.$]+(Exception|Error): ");

    private IoReason() {}

    static String of(IOException e) {
        if (isFullDisk(e)) {
            return FULL_DISK;
        }
        if (e instanceof FileSystemException inFiles) {
            return ofFile(inFiles);
        }
        if (e instanceof UnknownHostException
                || e.getCause() instanceof UnresolvedAddressException
                || (e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException)) {
            return "unknown host name";
        }
        if (e instanceof HttpConnectTimeoutException) {
            return "the host does not answer";
        }
        if (e instanceof ConnectException) {
            return "no connection" + detail(e);
        }
        return (e instanceof SSLException ? "no secure connection" : "broken off") + detail(e);
    }

    static boolean isFullDisk(IOException e) {
        return isFullDisk(Optional.ofNullable(e.getMessage()).orElse(""));
    }

    /** Compares the operating system's words, which Java and Python pass on: Java has no exception for a full disk. */
    static boolean isFullDisk(String message) {
        String words = message.toLowerCase(Locale.ROOT);
        return words.contains("no space left") || words.contains("quota exceeded");
    }

    private static String ofFile(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file: " + e.getFile();
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + e.getFile();
        }
        return Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName()) + ": " + e.getFile();
    }

    /** The first line of the message, without the class names that Java puts before the message of a cause. */
    private static String detail(Exception e) {
        return Optional.ofNullable(e.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .map(line -> " (" + CLASS_NAME.matcher(line).replaceAll("") + ")")
                .orElse("");
    }
}
