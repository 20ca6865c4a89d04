package dev.runnel.http.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runnel.text.Sampling;
import dev.runnel.text.Turn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Names what a request asks for: two requests have the same name if the fields that were sent are equal as values. How
 * a value was written, the order of the fields, and the form of the answer do not count. Requests of different families
 * have different names.
 */
public final class RequestFingerprint {

    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

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
                .text(request.answer().family().name())
                .turns(request.turns())
                .number(maxTokens(request))
                .number(sampling.temperature())
                .number(sampling.topP())
                .number(sampling.topK())
                .number(sampling.seed())
                .number(sampling.presencePenalty())
                .number(sampling.frequencyPenalty())
                .texts(sampling.stop())
                .json(request.options())
                .text(request.model())
                .members(request.kept().members())
                .base64();
    }

    /** Of {@code /v1/generate} only where the client sent it. Other routes have 0 for "not sent". */
    private static @Nullable Number maxTokens(GenerateRequest request) {
        boolean isDefault = request.answer().family() == AnswerForm.Family.GENERATE && request.maxTokensIsDefault();
        return isDefault ? null : request.maxTokens();
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

    /** Adds nothing for an empty text, so that requests without options keep their names. */
    private RequestFingerprint json(String options) {
        if (!options.isEmpty()) {
            try {
                value(JSON.readTree(options));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the options were checked when they were read", e);
            }
        }
        return this;
    }

    /** What an answer repeats of a request. */
    private RequestFingerprint members(String members) {
        return members.isEmpty() ? this : json('{' + members + '}');
    }

    private void value(JsonNode value) {
        text(value.getNodeType().name());
        if (value.isObject()) {
            Set<String> names = new TreeSet<>();
            value.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> text(name).value(value.get(name)));
        } else if (value.isArray()) {
            value.forEach(this::value);
        } else if (value.isNumber()) {
            number(value.numberValue());
        } else {
            text(value.asText());
        }
        text(null);
    }

    private String base64() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }
}
