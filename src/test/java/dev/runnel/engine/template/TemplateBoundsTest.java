package dev.runnel.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A template is foreign input: what it uses is bounded, and the exception names the bound. */
class TemplateBoundsTest {

    private static final Bounds SMALL = new Bounds(1000, 2000, 500, 2000, 300, 50, 100);

    @Test
    void longTemplateIsNotRead() {
        assertBound("a".repeat(1001), "characters of the template: more than the bound of 1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in l %}{% for b in l %}{% endfor %}{% endfor %}",
                "{% for a in l %}{% for b in l %}{% if a %}{% endif %}{% endfor %}{% endfor %}",
                "{% macro m() %}{% for a in l %}{% if a %}{% endif %}{% endfor %}{% endmacro %}"
                        + "{% for b in l %}{{ m() }}{% endfor %}",
                "{% for a in l %}{% if l|max is odd %}{% endif %}{% endfor %}",
            })
    void stepsAreCounted(String template) {
        assertBound("{% set l = range(50) %}" + template, "steps: more than the bound of 2000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% set n = namespace(x='ab') %}{% for i in range(20) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
                "{{ 'ab' * 1000000000 }}",
                "{{ 'aaaaaaaaaa'.replace('', 'b' * 100) }}",
                "{{ ('a' * 400).replace('a', 'bb') }}",
                "{{ (range(90)|list)|join('x' * 100) }}",
                "{{ ('a\n' * 90)|indent(100) }}",
                "{{ ('\\x01' * 200)|tojson }}",
                "{% for i in range(90) %}0123456789{% endfor %}",
                "{% macro m() %}{{ 'a' * 300 }}{% endmacro %}{{ m() ~ m() }}",
                "{% set x %}{% for i in range(90) %}0123456789{% endfor %}{% endset %}",
            })
    void lengthOfATextIsBounded(String template) {
        assertBound(template, "characters of a text: more than the bound of 500");
    }

    @Test
    void lengthOfAllTextsIsBounded() {
        assertBound(
                "{% for i in range(90) %}{% set x = 'a' * 400 %}{% endfor %}",
                "characters of all texts: more than the bound of 2000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% set n = namespace(x=[1, 2]) %}{% for i in range(20) %}{% set n.x = n.x + n.x %}{% endfor %}",
                "{{ [1] * 1000000000 }}",
                "{{ ('a ' * 200).split()|list + ('a' * 400)|list }}",
                "{{ [1]|batch(1000000000, 0) }}",
            })
    void elementsAreBounded(String template) {
        assertBound(template, "elements of lists and maps: more than the bound of 300");
    }

    @Test
    void rangeIsBounded() {
        assertBound("{{ range(101) }}", "elements of a range: more than the bound of 100");
        assertBound("{{ range(-9000000000000000000, 9000000000000000000) }}", "elements of a range");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            nullValues = "-",
            value = {"(,)", "[,]", "not ,-", "+,-", "{1: ,}", "a[,]", "a(,)", "1 if 1 else ,-", "x|default(,)"})
    void nestingOfAnExpressionIsBounded(String start, String end) {
        String ends = end == null ? "" : end.repeat(60);
        assertBound("{{ " + start.repeat(60) + "1" + ends + " }}", "depth: more than the bound of 50");
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", " and 1", " or 1", " * 1", " ** 1", ".a", "[0]", "|int", "()"})
    void lengthOfAnExpressionIsBounded(String more) {
        assertBound("{{ a" + more.repeat(60) + " }}", "depth: more than the bound of 50");
    }

    @Test
    void nestingOfTagsIsBounded() {
        assertBound("{% if 1 %}".repeat(60), "depth: more than the bound of 50");
        assertBound("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "depth: more than the bound of 50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[n.x]", "(n.x,)", "{'a': n.x}", "{'a': n.x}.values()", "[n.x]|list", "dict(a=n.x)"})
    void nestingOfAValueIsBounded(String value) {
        assertBound(
                "{% set n = namespace(x=1) %}{% for i in range(60) %}{% set n.x = " + value + " %}{% endfor %}",
                "depth: more than the bound of 50");
    }

    @Test
    void namespaceInItselfPrintsAndCompares() {
        String template = "{% set n = namespace() %}{% set n.x = [n] %}{{ n.x == n.x }}{{ n.x }}";

        assertThat(rendered(template, Map.of())).isEqualTo("True[<Namespace>]");
    }

    @Test
    void defaultBoundsAreEnoughForTheLongestConversation() {
        String template = "{% for m in messages %}{{ '<a>' + m.role + '\n' + m.content.split('x')[-1]|trim + '<b>' }}"
                + "{% if '</t>' in m.content %}!{% endif %}{% endfor %}";
        Value message = Value.dict(
                Map.of("role", Value.Str.own("user"), "content", Value.Str.foreign("😀 é ".repeat(500_000))));

        Text text = Template.parse(template, Bounds.DEFAULT)
                .render(Map.of("messages", Value.list(List.of(message))), () -> LocalDateTime.MIN);

        assertThat(text.chars()).hasSize(2_500_000 - 1 + "<a>user\n<b>".length());
    }

    private static void assertBound(String template, String message) {
        TemplateException refusal = refusal(template);
        assertThat(refusal).hasMessageContaining(message);
        assertThat(refusal.kind()).isEqualTo(TemplateException.Kind.BOUND);
    }

    private static TemplateException refusal(String template) {
        TemplateException refusal = catchThrowableOfType(
                TemplateException.class, () -> rendered(template, Map.of("a", Value.list(List.of()))));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    private static String rendered(String template, Map<String, Value> variables) {
        return Template.parse(template, SMALL)
                .render(variables, () -> LocalDateTime.MIN)
                .chars();
    }
}
