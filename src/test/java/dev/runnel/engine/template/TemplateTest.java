package dev.runnel.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.LocalDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a template says about itself, and its errors. */
class TemplateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a\n{{ 1 + }}` | SYNTAX | line 2: unexpected '}}' (expected: an expression)",
                "`{% foo %}` | SYNTAX | line 1: unknown tag 'foo'",
                "`\n\n{{ x.y }}` | FAILED | line 3: 'x' is undefined",
                "`{% for i in [1] %}\n"
                        + "{{ i + 'a' }}{% endfor %}` | FAILED | line 2: unsupported operand type(s) for +: 'int' and"
                        + " 'str'",
                "`{{ raise_exception('no') }}` | RAISED | no",
                "`{% macro m() %}\n{{ raise_exception('no') }}{% endmacro %}{{ m() }}` | RAISED | no",
                "`{{ ''.getClass() }}` | FAILED | line 1: 'str object' has no attribute 'getClass'",
                "`{{ 'a'.endswith('b', 'c') }}` | FAILED | line 1: endswith() takes at most 1 arguments, not 2",
                "`{{ [1]|max(by='a') }}` | FAILED | line 1: max() has no argument 'by'",
                "`{{ [1]|select('divisibleby', by=2) }}` | FAILED | line 1: divisibleby() has no argument 'by'",
                "`{{ [].stream() }}` | FAILED | line 1: 'list object' has no attribute 'stream'",
            })
    void errorNamesTheLineAndTheCause(String source, TemplateException.Kind kind, String message) {
        TemplateException refusal = catchThrowableOfType(
                TemplateException.class,
                () -> Template.parse(source, Bounds.DEFAULT).render(Map.of(), () -> LocalDateTime.MIN));

        assertThat(refusal).hasMessage(message);
        assertThat(refusal.kind()).isEqualTo(kind);
    }

    @Test
    void namesAndTextsOfATemplateAreKnown() {
        Template template =
                Template.parse("<a>{% if enable_thinking and m.thought %}{{ '<think>\n' }}{% endif %}", Bounds.DEFAULT);

        assertThat(template.mentions("enable_thinking")).isTrue();
        assertThat(template.mentions("think")).isFalse();
        assertThat(template.mentions("m")).isTrue();
        assertThat(template.mentions("thought")).isFalse();
        assertThat(template.writes("<think>")).isTrue();
        assertThat(template.writes("<a>")).isTrue();
        assertThat(template.writes("enable_thinking")).isFalse();
    }

    @Test
    void renderingsDoNotAffectEachOther() {
        Template template = Template.parse("{{ x is defined }}{% set x = 1 %}{{ x }}", Bounds.DEFAULT);

        assertThat(template.render(Map.of(), () -> LocalDateTime.MIN).chars()).isEqualTo("False1");
        assertThat(template.render(Map.of(), () -> LocalDateTime.MIN).chars()).isEqualTo("False1");
    }
}
