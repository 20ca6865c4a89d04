package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runnel.auth.Scope;
import dev.runnel.http.connection.RequestId;
import dev.runnel.http.error.ErrorForm;
import dev.runnel.openapi.Description;
import dev.runnel.openapi.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The description has the endpoints that the handlers declare, and the reverse. */
@ExtendWith(PlayedService.class)
class DescribedEndpointsTest {

    private static final Pattern VERSION = Pattern.compile("<artifactId>runnel</artifactId>\\s*<version>([0-9.]+)");

    private static final Pattern READ = Pattern.compile("(?:getHeader|headers(?:\\(\\))?\\.getAll)\\(([\\w.\"-]+)\\)");

    /** Headers that OpenAPI leaves to other members, and those of connections, bodies and browsers. */
    private static final Set<String> OF_HTTP = Set.of(
            "Accept",
            "Accept-Encoding",
            "Access-Control-Request-Headers",
            "Access-Control-Request-Method",
            "Authorization",
            "Content-Encoding",
            "Content-Length",
            "Content-Type",
            "Expect",
            "Origin",
            "Transfer-Encoding");

    private final Description description = Description.read();
    private final List<Endpoint> endpoints;

    DescribedEndpointsTest(TestService service) throws Exception {
        this.endpoints = service.endpoints();
    }

    private static String name(Endpoint endpoint) {
        return endpoint.method() + " " + endpoint.path().replaceAll(":(\\w+)", "{$1}");
    }

    private Operation described(Endpoint endpoint) {
        return description.operations().stream()
                .filter(operation -> operation.toString().equals(name(endpoint)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyEndpointIsDescribedAndTheReverse() {
        assertThat(description.operations().stream().map(Operation::toString))
                .containsExactlyInAnyOrderElementsOf(
                        endpoints.stream().map(DescribedEndpointsTest::name).toList());
    }

    @Test
    void endpointsUnderV1NeedAKeyWithTheirScope() {
        assertThat(endpoints).allSatisfy(endpoint -> {
            Operation operation = described(endpoint);
            assertThat(operation.needsKey()).isEqualTo(endpoint.path().startsWith("/v1/"));
            assertThat(operation.scopes())
                    .containsExactlyElementsOf(
                            endpoint.scope().map(Scope::claimName).stream().toList());
        });
    }

    @Test
    void errorsHaveTheDeclaredForm() {
        assertThat(endpoints).allSatisfy(endpoint -> {
            String unauthorized =
                    described(endpoint).node().at("/responses/401/$ref").asText();
            String form = unauthorized.replaceAll("^.*/|Unauthorized$", "");
            assertThat(form)
                    .as(name(endpoint))
                    .isEqualTo(
                            switch (endpoint.errorForm()) {
                                case JSON -> "";
                                case EVENT -> "Stream";
                                case OPENAI -> "OpenAi";
                            });
        });
        assertThat(ErrorForm.values()).hasSize(3);
    }

    @Test
    void versionIsThatOfTheBuild() throws Exception {
        var version = VERSION.matcher(Files.readString(Path.of("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(description.root().at("/info/version").asText()).isEqualTo(version.group(1));
    }

    /** Every header that a source of the service port reads by its name. */
    private static Set<String> headersRead() throws Exception {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/runnel/http"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String source = Files.readString(file);
                READ.matcher(source).results().forEach(read -> names.add(value(source, read.group(1))));
            }
        }
        return names;
    }

    /** A literal, a constant of Vert.x, or a constant of the same file. */
    private static String value(String source, String expression) {
        if (expression.startsWith("\"")) {
            return expression.replace("\"", "");
        }
        if (expression.equals("RequestId.HEADER")) {
            return RequestId.HEADER;
        }
        if (expression.startsWith("HttpHeaders.")) {
            return expression.substring("HttpHeaders.".length()).replace('_', '-');
        }
        var constant = Pattern.compile("\\b" + expression + " = \"([^\"]+)\"").matcher(source);
        assertThat(constant.find()).as(expression).isTrue();
        return constant.group(1);
    }

    @Test
    void everyHeaderThatIsReadIsDescribedAndTheReverse() throws Exception {
        Set<String> described = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        description
                .root()
                .findValues("parameters")
                .forEach(parameters -> parameters.forEach(reference -> {
                    JsonNode parameter = description.resolved(reference);
                    if (parameter.path("in").asText().equals("header")) {
                        described.add(parameter.path("name").asText());
                    }
                }));
        described.addAll(OF_HTTP);

        assertThat(described).isEqualTo(headersRead());
    }

    /** Without these, a tool could not name the operations. */
    @Test
    void everyOperationHasANameATagAndASummary() {
        assertThat(description.operations())
                .allSatisfy(operation -> assertThat(operation.node().fieldNames())
                        .toIterable()
                        .contains("operationId", "tags", "summary"))
                .extracting(operation -> operation.node().path("operationId").asText())
                .doesNotHaveDuplicates();
    }
}
