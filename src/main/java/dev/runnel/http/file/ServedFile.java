package dev.runnel.http.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One file of the class path, held in memory as clients receive it. Immutable. */
public final class ServedFile {

    private static final int TAG_CHARACTERS = 32;

    private final byte[] content;
    private final String contentType;
    private final String entityTag;

    private ServedFile(byte[] content, String contentType, String entityTag) {
        this.content = content;
        this.contentType = contentType;
        this.entityTag = entityTag;
    }

    /**
     * Reads a file.
     *
     * @param owner a class of the package that a relative path starts in
     * @param path of the file on the class path; its ending decides the content type
     * @throws IllegalStateException if the file is missing
     */
    public static ServedFile read(Class<?> owner, String path) {
        try (InputStream in = owner.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + ": missing on the class path");
            }
            return of(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServedFile of(String name, byte[] content) {
        String hash = HexFormat.of().formatHex(sha256().digest(content));
        return new ServedFile(content, contentType(name), "W/\"" + hash.substring(0, TAG_CHARACTERS) + "\"");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String contentType(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            // RFC 9512. It is UTF-8 without a parameter that says so.
            case "yaml" -> "application/yaml";
            default -> throw new IllegalArgumentException(name + " (expected: html, css, js, svg, yaml)");
        };
    }

    /** A copy of its bytes. */
    public byte[] content() {
        return content.clone();
    }

    /** With the encoding of its characters. */
    public String contentType() {
        return contentType;
    }

    /** Weak (RFC 9110, section 8.8.1): the bytes that are sent differ by their compression. */
    public String entityTag() {
        return entityTag;
    }
}
