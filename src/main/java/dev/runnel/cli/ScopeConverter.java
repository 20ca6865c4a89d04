package dev.runnel.cli;

import dev.runnel.auth.Scope;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a scope by its name in keys: {@code generate} or {@code observe}. */
final class ScopeConverter implements ITypeConverter<Scope> {

    @Override
    public Scope convert(String text) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope.claimName().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' (expected: " + names() + ")"));
    }

    private static String names() {
        return Arrays.stream(Scope.values()).map(Scope::claimName).collect(Collectors.joining(" or "));
    }
}
