package dev.runnel.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Templates in the style of those of model files, and what Python's jinja2 makes of them. {@code
 * src/test/python/template_cases.py} writes the cases.
 */
class TemplateCasesTest {

    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 9, 14, 5, 6);

    @TestFactory
    Stream<DynamicTest> rendersAsTheReferenceDoes() throws IOException {
        JsonNode cases;
        try (InputStream in = TemplateCasesTest.class.getResourceAsStream("cases.json")) {
            cases = new ObjectMapper().readTree(in);
        }
        assertThat(cases.size()).isGreaterThan(200);
        return IntStream.range(0, cases.size())
                .mapToObj(i -> DynamicTest.dynamicTest(name(i, cases.get(i)), () -> {
                    if (cases.get(i).has("error")) {
                        assertRefuses(cases.get(i));
                    } else {
                        assertThat(rendered(cases.get(i)).chars())
                                .isEqualTo(cases.get(i).get("expected").asText());
                    }
                }));
    }

    private static String name(int place, JsonNode each) {
        String template = each.get("template").asText();
        return place + " "
                + template.substring(0, Math.min(60, template.length())).replace("\n", "\\n");
    }

    private static void assertRefuses(JsonNode each) {
        TemplateException refusal = catchThrowableOfType(TemplateException.class, () -> rendered(each));
        assertThat(refusal).as(each.get("error").asText()).isNotNull().hasMessageNotContaining("\n");
    }

    private static Text rendered(JsonNode each) throws IOException {
        Map<String, Value> variables = new HashMap<>();
        for (Map.Entry<String, JsonNode> member : each.get("variables").properties()) {
            variables.put(member.getKey(), JsonValues.read(member.getValue().toString()));
        }
        Template template = Template.parse(each.get("template").asText(), Bounds.DEFAULT);
        return template.render(variables, () -> NOW);
    }
}
