package dev.runnel.config.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.config.LogConfig;
import dev.runnel.config.ModelConfig;
import dev.runnel.text.Sampling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionTest {

    private static final Rule<Duration> UP_TO_AN_HOUR = Rule.duration(Duration.ZERO, Duration.ofHours(1));

    private final List<String> complaints = new ArrayList<>();

    @Test
    void complaintNamesPathValueAndRule() {
        Section http = section(Map.of("http", Map.of("port", 70_000))).section("http");

        int port = http.required("port", Rule.integer(0, 65_535));

        assertThat(port).isBetween(0, 65_535);
        assertThat(complaints).containsExactly("http.port: 70000 (expected: 0 … 65535)");
    }

    @Test
    void placeInAListIsPartOfThePath() {
        Section root = section(Map.of("models", List.of(Map.of("name", "a"), Map.of("sequences", "many"))));

        Section second = root.sections("models").get(1);
        second.value("sequences", Rule.integer(1, 64), 8);

        assertThat(second.path()).isEqualTo("models[1]");
        assertThat(complaints).containsExactly("models[1].sequences: many (expected: 1 … 64)");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "20ms,20", "15s,15000", "1m,60000", "1h,3600000", "0s,0", "3600s,3600000"})
    void durationHasAUnit(String text, long millis) {
        Duration duration = section(Map.of("wait", text)).required("wait", UP_TO_AN_HOUR);

        assertThat(duration).hasMillis(millis);
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"15", "-1s", "1.5s", "s", "2h", "1 m", "1min", "''", "99999999999s", "1d"})
    void otherDurationsAreRefused(String text) {
        Duration duration = section(Map.of("wait", text)).required("wait", UP_TO_AN_HOUR);

        assertThat(duration).isEqualTo(Duration.ZERO);
        assertThat(complaints).singleElement().asString().startsWith("wait: ").contains("(expected: 0 … 1h");
    }

    @ParameterizedTest
    @CsvSource({
        "prot,port",
        "maxbodybytes,maxBodyBytes",
        "max_body_bytes,maxBodyBytes",
        "hots,host",
        "hearbeat,heartbeat"
    })
    void complaintAboutUnknownKeyNamesTheNearestKnownKey(String written, String meant) {
        Section http = section(Map.of("http", Map.of(written, 1))).section("http");
        List.of("port", "host", "maxBodyBytes", "heartbeat").forEach(http::know);

        http.done();

        assertThat(complaints).containsExactly("http." + written + ": unknown key (did you mean " + meant + "?)");
    }

    @Test
    void unknownKeyLikeNoOtherGetsNoHint() {
        Section root = section(Map.of("colour", "red"));
        root.know("port");

        root.done();

        assertThat(complaints).containsExactly("colour: unknown key");
    }

    @Test
    void doneChecksEverySectionBelowOnce() {
        Section root = section(Map.of("http", Map.of("x", 1), "models", List.of(Map.of("y", 1))));
        root.section("http");
        root.sections("models");

        root.done();
        root.done();

        assertThat(complaints).containsExactlyInAnyOrder("http.x: unknown key", "models[0].y: unknown key");
    }

    @Test
    void allComplaintsAreCollected() {
        Section root = section(Map.of("a", "x", "b", "maybe", "c", List.of(), "d", Map.of()));
        root.required("a", Rule.number(0, 2));
        root.required("b", Rule.bool());
        root.required("c", Rule.text());
        root.required("e", Rule.numberAbove(0, 1));
        root.list("d", Rule.text());

        assertThat(complaints)
                .containsExactly(
                        "a: x (expected: 0 … 2)",
                        "b: maybe (expected: true or false)",
                        "c: a list (expected: text)",
                        "e: missing (expected: > 0 … 1)",
                        "d: an object (expected: a list)");
    }

    @Test
    void constantIsReadInAnyCase() {
        Section log = section(Map.of("a", "INFO", "b", "info"));
        Rule<LogConfig.Level> level = Rule.oneOf(LogConfig.Level.class);

        assertThat(log.required("a", level)).isEqualTo(log.required("b", level)).isEqualTo(LogConfig.Level.INFO);
        assertThat(complaints).isEmpty();
    }

    @Test
    void keyWithoutAValueCountsAsLeftOut() {
        Map<String, Object> values = new HashMap<>();
        values.put("a", null);
        Section root = section(values);

        assertThat(root.optional("a", Rule.text())).isEmpty();
        assertThat(root.value("a", Rule.text(), "b")).isEqualTo("b");
        assertThat(root.has("a")).isFalse();
        root.done();
        assertThat(complaints).isEmpty();
    }

    @Test
    void gapInAListIsRefused() {
        section(Map.of("names", Arrays.asList("a", null))).list("names", Rule.word());

        assertThat(complaints).containsExactly("names[1]: nothing (expected: one line of text)");
    }

    @Test
    void secretIsNotRepeated() {
        section(Map.of("secret", "hunter2"))
                .optional("secret", new Rule<>("32 bytes or more", "", text -> Optional.empty(), true));

        assertThat(complaints).containsExactly("secret: 7 characters (expected: 32 bytes or more)");
    }

    @Test
    void longOrStrangeValueIsCutToOneLine() {
        section(Map.of("port", "x\n".repeat(100))).optional("port", Rule.integer(0, 1));

        assertThat(complaints).singleElement().asString().hasSizeLessThan(120).doesNotContain("\n");
    }

    @Test
    void restIsWhatWasNotRead() {
        Section root = section(Map.of("name", "a", "text", "b"));
        root.required("name", Rule.word());

        assertThat(root.rest()).isEqualTo(Map.of("text", "b"));
        root.done();
        assertThat(complaints).isEmpty();
    }

    @Test
    void numbersAndTextsOfNumbersReadAlike() {
        Section root = section(Map.of("a", 5, "b", "5", "c", 0.5, "d", "0.5", "e", true, "f", "true"));

        assertThat(root.required("a", Rule.integer(0, 9))).isEqualTo(root.required("b", Rule.integer(0, 9)));
        assertThat(root.required("c", Rule.number(0, 9))).isEqualTo(root.required("d", Rule.number(0, 9)));
        assertThat(root.required("e", Rule.bool())).isEqualTo(root.required("f", Rule.bool()));
        assertThat(complaints).isEmpty();
    }

    @Test
    void modelsSettingsKnowTheKeysThatEveryModelHas() {
        ModelConfig model = new ModelConfig(
                "m", "scripted", ModelConfig.Template.CHAT, null, Sampling.UNSET, Map.of("tempalte", "none"));

        model.settings(complaints).done();

        assertThat(complaints).containsExactly("tempalte: unknown key (did you mean template?)");
    }

    private Section section(Map<String, ?> values) {
        return Section.of("", values, complaints);
    }
}
