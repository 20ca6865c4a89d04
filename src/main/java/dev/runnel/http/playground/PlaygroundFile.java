package dev.runnel.http.playground;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One file of the playground, held in memory. Immutable. */
public final class PlaygroundFile {

    private static final int TAG_CHARACTERS = 32;

    private final byte[] content;
    private final String contentType;
    private final String entityTag;

    private PlaygroundFile(byte[] content, String contentType, String entityTag) {
        this.content = content;
        this.contentType = contentType;
        this.entityTag = entityTag;
    }

    static PlaygroundFile of(String name, byte[] content) {
        String hash = HexFormat.of().formatHex(sha256().digest(content));
        return new PlaygroundFile(content, contentType(name), "W/\"" + hash.substring(0, TAG_CHARACTERS) + "\"");
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
            default -> throw new IllegalArgumentException(name + " (expected: html, css, js, svg)");
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
