package dev.runnel.cli;

import dev.runnel.config.tree.Rule;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 90d}, {@code 12h}, {@code 30m} or {@code 60s}, as the configuration does. */
final class LifetimeConverter implements ITypeConverter<Duration> {

    private static final Rule<Duration> LIFETIME = Rule.duration(Duration.ofSeconds(1), Duration.ofDays(999_999_999));

    @Override
    public Duration convert(String text) {
        return LIFETIME.parse()
                .apply(text)
                .filter(lifetime -> lifetime.toNanosPart() == 0)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' (expected: a number and d, h, m or s, such as 90d)"));
    }
}
