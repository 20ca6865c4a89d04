package dev.runnel.http;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test's constructor, by type, a {@link TestService} of one instance and its {@link PlayedGenerator}, anew for
 * each test: for tests that drain it, or count from zero. Others use {@link PlayedService}.
 */
public final class FreshService implements ParameterResolver {

    private static final Namespace OURS = Namespace.create(FreshService.class);

    /** So that what a constructor is given ends with its test. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestService.class || type == PlayedGenerator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        PlayedService.Running running = context.getStore(OURS)
                .getOrComputeIfAbsent(
                        PlayedService.Running.class,
                        first -> PlayedService.Running.start(1),
                        PlayedService.Running.class);
        return parameter.getParameter().getType() == TestService.class ? running.service() : running.generator();
    }
}
