package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {

    @ParameterizedTest
    @CsvSource({
        "/v1/generate/:id, /v1/generate/gen_1, true",
        "/v1/generate/:id, /v1/generate/:id, true",
        "/v1/generate/:id, /v1/generate/, false",
        "/v1/generate/:id, /v1/generate, false",
        "/v1/generate/:id, /v1/generate/gen_1/stream, false",
        "/v1/generate/:id, /v1/generate/gen_1/, false",
        "/v1/generate/:id, /v2/generate/gen_1, false",
        "/v1/generate/:id/stream, /v1/generate/gen_1/stream, true",
        "/v1/generate/:id/stream, /v1/generate/gen_1/streams, false",
        "/v1/generate/:id/stream, /v1/generate/gen_1/stre, false",
        "/v1/generate/:id/stream, /v1/generate//stream, false",
        "/playground/:name, /playground/app.js, true",
    })
    void parameterIsOneSegment(String template, String path, boolean matches) {
        assertThat(new PathTemplate(template).matches(path)).isEqualTo(matches);
    }
}
