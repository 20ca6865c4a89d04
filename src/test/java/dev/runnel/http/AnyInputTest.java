package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runnel.http.request.RequestField;
import dev.runnel.sse.HttpWire;
import dev.runnel.sse.StreamRules;
import dev.runnel.sse.Streamed;
import dev.runnel.text.Surrogates;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever comes in: text arrives intact through the whole service, and nonsense is the client's fault. */
class AnyInputTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static EchoService service;

    @BeforeContainer
    static void start() throws Exception {
        service = EchoService.start();
    }

    @AfterContainer
    static void stop() throws Exception {
        service.close();
    }

    private static byte[] prompt(String text) {
        ObjectNode body = JSON.createObjectNode().put("prompt", text).put("maxTokens", 4096);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void assertIntact(String text) throws Exception {
        Streamed streamed = StreamRules.check(
                service.post("/v1/generate/stream", prompt(text)).bytes());
        assertThat(streamed.text()).isEqualTo(text);

        HttpWire.Answer whole = service.post("/v1/generate", prompt(text));
        assertThat(JSON.readTree(whole.bytes()).get("text").asText()).isEqualTo(text);
    }

    @Property(tries = 200)
    void anyTextArrivesIntact(@ForAll @StringLength(min = 1, max = 60) String text) throws Exception {
        Assume.that(!Surrogates.hasUnpaired(text));

        assertIntact(text);
    }

    @Example
    void difficultTextArrivesIntact() throws Exception {
        assertIntact("😀👩‍👩‍👧‍👦🇺🇳");
        assertIntact("e\u0301 a\u0308\u0304");
        assertIntact("שלום \u202eabc\u202c مرحبا");
        assertIntact("a\u2028b\u2029c\u0085d\u000be\u000cf\r\n\tg");
        assertIntact("\u0000\u0001\u001f\u007f\ufffe\uffff\ufeff");
        assertIntact("\"\\/</script>data: [DONE]\n\ndata: {\"id\":1}\n\n: ping\n\n");
        assertIntact(new StringBuilder()
                .appendCodePoint(0x10FFFF)
                .appendCodePoint(0x10000)
                .toString());
    }

    @Property(tries = 300)
    void anyJsonIsServedOrTheClientsFault(@ForAll("json") String json) throws Exception {
        assertServedOrRefused(json.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 300)
    void anyRequestLikeJsonIsServedOrTheClientsFault(@ForAll("requests") String json) throws Exception {
        assertServedOrRefused(json.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 200)
    void anyBytesAreTheClientsFault(@ForAll byte[] body) throws Exception {
        HttpWire.Answer answer = service.post("/v1/generate", body);

        assertThat(answer.status()).isEqualTo(400);
        BadBodyTest.assertThatNothingLeaks(answer.body());
    }

    private static void assertServedOrRefused(byte[] body) throws Exception {
        HttpWire.Answer once = service.post("/v1/generate", body);
        assertThat(once.status()).isIn(200, 400, 404);
        if (once.status() != 200) {
            assertThat(JSON.readTree(once.bytes()).at("/error/message").asText())
                    .isNotEmpty();
            BadBodyTest.assertThatNothingLeaks(once.body());
        }
        HttpWire.Answer streamed = service.post("/v1/generate/stream", body);
        assertThat(streamed.status()).isEqualTo(once.status());
    }

    @Provide
    Arbitrary<String> json() {
        return value(3);
    }

    /** Mostly the right names, with values of any kind. */
    @Provide
    Arbitrary<String> requests() {
        Arbitrary<String> names = Arbitraries.of(RequestField.names());
        return Arbitraries.maps(names, value(2)).ofMinSize(1).ofMaxSize(5).map(AnyInputTest::object);
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalars = Arbitraries.oneOf(
                Arbitraries.of("null", "true", "false", "0", "-0", "1", "1e999", "-1e-999", "0.5", "256"),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.strings()
                        .ofMaxLength(20)
                        .map(text -> JSON.getNodeFactory().textNode(text).toString()));
        if (depth == 0) {
            return scalars;
        }
        Arbitrary<String> inner = value(depth - 1);
        return Arbitraries.oneOf(
                scalars,
                inner.list().ofMaxSize(3).map(items -> "[" + String.join(",", items) + "]"),
                Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(8), inner)
                        .ofMaxSize(3)
                        .map(AnyInputTest::object));
    }

    private static String object(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
