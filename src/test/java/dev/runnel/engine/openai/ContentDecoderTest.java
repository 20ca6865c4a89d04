package dev.runnel.engine.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class ContentDecoderTest {

    @Test
    void bytesAfterADeflateStreamAreIgnoredInEveryRead() throws Exception {
        var compressed = new ByteArrayOutputStream();
        try (var zlib = new DeflaterOutputStream(compressed)) {
            zlib.write("text".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] noise = "no zlib".getBytes(StandardCharsets.US_ASCII);
        var decoded = new ByteArrayOutputStream();
        try (var decoder = ContentDecoder.of("deflate")) {
            decoder.decode(
                    compressed.toByteArray(), 0, compressed.size(), (bytes, end) -> decoded.write(bytes, 0, end));
            decoder.decode(noise, 0, noise.length, (bytes, end) -> decoded.write(bytes, 0, end));
        }

        assertThat(decoded.toString(StandardCharsets.US_ASCII)).isEqualTo("text");
    }
}
