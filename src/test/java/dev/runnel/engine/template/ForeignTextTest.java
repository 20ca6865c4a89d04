package dev.runnel.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rendered text knows which characters are a caller's. In the expected texts those stand between « and ». */
class ForeignTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "<{{ x }}> → <« ab,c »>",
                "{{ '<' + x + '>' }} → <« ab,c »>",
                "{{ '<' ~ x ~ 1 }} → <« ab,c »1",
                "{{ x.strip() }} → «ab,c»",
                "{{ x[1] ~ '-' ~ x[2:-1] }} → «a»-«b,c»",
                "{{ x.strip().split(',')|join('/') }} → «ab»/«c»",
                "{{ x.strip().replace('b', 'B') }} → «a»B«,c»",
                "{{ 'xyx'.replace('x', x|trim) }} → «ab,c»y«ab,c»",
                "{{ x|trim|upper }} → «AB,C»",
                "{{ x|trim|tojson }} → `\"«ab,c»\"`",
                "{{ {'k': x|trim}|tojson }} → `{\"k\": \"«ab,c»\"}`",
                "{{ [x|trim] }} → ['«ab,c»']",
                "{{ x|trim|list|last }} → «c»",
                "{{ x|trim|reverse }} → «c,ba»",
                "{{ x|trim * 2 }} → «ab,cab,c»",
                "{{ '[{}]'.format(x|trim) }} → [«ab,c»]",
                "{% set y %}({{ x|trim }}){% endset %}{{ y[1:] }} → «ab,c»)",
                "{% macro m(a) %}({{ a }}){% endmacro %}{{ m(x)|trim }} → (« ab,c »)",
                "`{{ ('a\n' ~ x)|indent(2)|length }}` → 10",
                "{{ 'ß' ~ x }} → ß« ab,c »",
                "{{ ('ß' ~ x)|upper }} → «SS AB,C »",
                "{{ x if ',' in x else 'n' }} → « ab,c »",
                "{{ {'a': 1}.get(x|trim, x|trim|first) }} → «a»",
            })
    void originOfEachCharacterIsKept(String template, String expected) {
        Text text = Template.parse(template, Bounds.DEFAULT)
                .render(Map.of("x", Value.Str.foreign(" ab,c ")), () -> LocalDateTime.MIN);

        assertThat(shown(text).trim()).isEqualTo(expected);
    }

    private static String shown(Text text) {
        return text.pieces().stream()
                .map(piece -> piece.isForeign() ? "«" + piece.chars() + "»" : piece.chars())
                .collect(Collectors.joining());
    }

    @Test
    void raisedMessageRepeatsNoForeignText() {
        Template template = Template.parse("{{ raise_exception('no ' ~ x ~ '\n!') }}", Bounds.DEFAULT);

        assertThatThrownBy(() -> template.render(Map.of("x", Value.Str.foreign("secret")), () -> LocalDateTime.MIN))
                .isInstanceOf(TemplateException.class)
                .hasMessage("no … !");
    }

    @Test
    void missingEntryIsNamedOnlyIfTheNameIsTheTemplates() {
        Template template = Template.parse("{{ {}[x].y }}", Bounds.DEFAULT);

        assertThatThrownBy(() -> template.render(Map.of("x", Value.Str.foreign("secret")), () -> LocalDateTime.MIN))
                .hasMessage("line 1: 'dict object' has no attribute '…'");
    }
}
