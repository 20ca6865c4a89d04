package dev.runnel.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.connection.HeaderWork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResumeHeadersWorkTest {

    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_CURSOR = 18;

    @ParameterizedTest
    @MethodSource(HeaderWork.ODD_VALUES)
    void longIdempotencyKeyAndCursorAreRefusedUnread(String value) {
        HeaderWork.assertLinear(value, ResumeHeaders::isPrintable);
        HeaderWork.assertLinear(value, ResumeHeaders::isNumber);
        assertThat(HeaderWork.read(value, ResumeHeaders::isPrintable)).isLessThanOrEqualTo(LONGEST_KEY);
        assertThat(HeaderWork.read(value, ResumeHeaders::isNumber)).isLessThanOrEqualTo(LONGEST_CURSOR);
    }
}
