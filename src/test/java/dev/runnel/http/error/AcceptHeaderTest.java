package dev.runnel.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.connection.HeaderCursor;
import dev.runnel.http.connection.HeaderWork;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptHeaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; charset=utf-8",
                "application/json;q=0.1",
                "application/*",
                "application/json, text/plain, */*",
                "application/json, */*;q=0.8",
                "text/html,application/json",
                "application/json, text/event-stream;q=0",
                "*/*, text/event-stream;q=0.0",
                "text/*;q=0, */*",
                ",application/json,,"
            })
    void errorsAreJsonForClientsThatAcceptJsonAndNotEvents(String accept) {
        assertThat(AcceptHeader.of(List.of(accept)).prefersJson()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "text/event-stream",
                "text/*",
                "text/html",
                "application/json, text/event-stream",
                "application/json, text/event-stream;q=0.1",
                "application/json, text/*",
                "application/json;q=0",
                "application/json;q=0, */*",
                "application/xml",
                "json",
                "application/",
                "/json",
                "",
                ";",
                ";;q=1",
                ","
            })
    void errorsAreEventsForAllOthers(String accept) {
        assertThat(AcceptHeader.of(List.of(accept)).prefersJson()).isFalse();
    }

    @Test
    void severalHeadersAreOneList() {
        assertThat(AcceptHeader.of(List.of("application/json", "text/event-stream"))
                        .prefersJson())
                .isFalse();
        assertThat(AcceptHeader.of(List.of()).prefersJson()).isFalse();
    }

    @Test
    void onlyTheFirst256CharactersAreRead() {
        String filler = "a/b,".repeat(60);

        assertThat(AcceptHeader.of(List.of(filler + "application/json")).prefersJson())
                .isTrue();
        assertThat(AcceptHeader.of(List.of(filler + "a/b,application/json")).prefersJson())
                .isFalse();
        assertThat(AcceptHeader.of(List.of(filler, filler, "application/json")).prefersJson())
                .isFalse();
        assertThat(AcceptHeader.of(List.of(",".repeat(16_000))).ranges()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(HeaderWork.ODD_VALUES)
    void nothingBeyondTheFirstCharactersIsRead(String value) {
        assertThat(HeaderWork.read(value, header -> AcceptHeader.of(List.of(header, header, header))))
                .isLessThanOrEqualTo(HeaderCursor.MAX_CHARACTERS);
    }
}
