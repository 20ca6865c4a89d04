package dev.runnel.http;

import dev.runnel.sse.HttpWire;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test's constructor what most tests of HTTP start with, by type: a {@link TestService} of two instances and
 * its {@link PlayedGenerator}, one for all tests of a class, and for each test a new connection to it, alone or as a
 * {@link PlayedClient}, or a {@link ResumeRig}.
 */
public final class PlayedService implements ParameterResolver {

    private static final Namespace OURS = Namespace.create(PlayedService.class);

    /** What is closed with the test or the class that it was started for. */
    record Running(TestService service, PlayedGenerator generator) implements AutoCloseable {

        static Running start(int instances) {
            try {
                TestService service = TestService.start(TestService.http(), instances);
                return new Running(service, new PlayedGenerator(service.vertx()).start());
            } catch (Exception e) {
                throw new IllegalStateException("the service does not start", e);
            }
        }

        @Override
        public void close() throws TimeoutException {
            service.close();
        }
    }

    /** So that what a constructor is given ends with its test. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = type(parameter);
        return type == TestService.class
                || type == PlayedGenerator.class
                || type == HttpWire.class
                || type == PlayedClient.class
                || type == ResumeRig.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = ofClass(context)
                .getStore(OURS)
                .getOrComputeIfAbsent(Running.class, first -> Running.start(2), Running.class);
        Class<?> type = type(parameter);
        if (type == HttpWire.class) {
            return ofTest(
                    context,
                    HttpWire.class,
                    () -> new HttpWire(running.service().port()));
        }
        if (type == PlayedClient.class) {
            return ofTest(context, PlayedClient.class, () -> new PlayedClient(running));
        }
        if (type == ResumeRig.class) {
            return ofTest(context, ResumeRig.class, () -> new ResumeRig(running.service(), running.generator()));
        }
        return type == TestService.class ? running.service() : running.generator();
    }

    /** What is closed with the test. */
    private static <T> T ofTest(ExtensionContext context, Class<T> type, Supplier<T> made) {
        return context.getStore(OURS).getOrComputeIfAbsent(type, first -> made.get(), type);
    }

    private static Class<?> type(ParameterContext parameter) {
        return parameter.getParameter().getType();
    }

    private static ExtensionContext ofClass(ExtensionContext context) {
        ExtensionContext found = context;
        while (found.getTestMethod().isPresent() && found.getParent().isPresent()) {
            found = found.getParent().get();
        }
        return found;
    }
}
