package dev.runnel.http.request;

import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Names what a request asks for: two requests have the same name if the fields that were sent are equal as values. How
 * a value was written, the order of the fields, and {@code includeText} do not count.
 */
public final class RequestFingerprint {

    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;

    private final MessageDigest digest;

    private RequestFingerprint(MessageDigest digest) {
        this.digest = digest;
    }

    /**
     * The name of a request.
     *
     * @return 43 characters, the SHA-256 of the values
     */
    public static String of(GenerateRequest request) {
        Sampling sampling = request.sampling();
        return new RequestFingerprint(sha256())
                .turns(request.turns())
                .number(request.maxTokensIsDefault() ? null : (double) request.maxTokens())
                .number(sampling.temperature())
                .number(sampling.topP())
                .number(sampling.topK())
                .number(sampling.seed())
                .number(sampling.presencePenalty())
                .number(sampling.frequencyPenalty())
                .texts(sampling.stop())
                .text(request.model())
                .base64();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private RequestFingerprint text(@Nullable String text) {
        if (text == null) {
            digest.update(ABSENT);
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            digest.update(PRESENT);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, utf8.length));
            digest.update(utf8);
        }
        return this;
    }

    private RequestFingerprint turns(Iterable<Turn> turns) {
        turns.forEach(turn -> text(turn.role().wireName()).text(turn.content()));
        return text(null);
    }

    private RequestFingerprint texts(Iterable<String> texts) {
        texts.forEach(this::text);
        return text(null);
    }

    /** Any number in range is exact as a double. Minus zero equals zero. */
    private RequestFingerprint number(@Nullable Number number) {
        if (number == null) {
            digest.update(ABSENT);
        } else {
            digest.update(PRESENT);
            digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, number.doubleValue() + 0.0));
        }
        return this;
    }

    private String base64() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }
}
