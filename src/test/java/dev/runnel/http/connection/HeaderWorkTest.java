package dev.runnel.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.request.ContentType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The work that a client's header causes, in characters that are read. */
class HeaderWorkTest {

    @ParameterizedTest
    @MethodSource(HeaderWork.ODD_VALUES)
    void workIsLinearInTheLengthOfTheValue(String value) {
        HeaderWork.assertLinear(value, ContentType::isJson);
        HeaderWork.assertLinear(value, header -> AcceptEncoding.allows(header, "br"));
        HeaderWork.assertLinear(value, RequestId::isAllowed);
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 14_000})
    void longContentTypeIsRefusedUnread(int length) {
        CountedText counted = new CountedText("application/json;" + " ".repeat(length - 17));

        assertThat(ContentType.isJson(counted)).isFalse();

        assertThat(counted.read()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, br;q=0.5", "*", "BR ; Q=1", "br;q=0.01", "gzip;q=0, *"})
    void codingThatIsNamedOrCoveredIsAllowed(String header) {
        assertThat(AcceptEncoding.allows(header, "br")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "gzip", "br;q=0", "br ; q = 0.000", "br;q=0.", "*;q=0", "br;q=0, *", "br;;q=0", "brotli"})
    void codingThatIsRefusedOrNotNamedIsNotAllowed(String header) {
        assertThat(AcceptEncoding.allows(header, "br")).isFalse();
    }
}
