package dev.runnel.engine.openai;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test's constructor, by type, what a test of one upstream starts with: a {@link Vertx} and a
 * {@link FakeUpstream} that answers with {@link FakeUpstream#TWO_WORDS}. Both are new for each test and end with it.
 */
final class OneUpstream implements ParameterResolver {

    private static final Namespace OURS = Namespace.create(OneUpstream.class);

    private record Running(Vertx vertx, FakeUpstream upstream) implements AutoCloseable {

        static Running start() {
            Vertx vertx = Vertx.vertx();
            try {
                var upstream = new FakeUpstream(
                        vertx, ask -> ask.stream(FakeUpstream.TWO_WORDS, FakeUpstream.usage(4, 2), FakeUpstream.DONE));
                return new Running(vertx, upstream);
            } catch (TimeoutException e) {
                throw new IllegalStateException("the upstream does not start", e);
            }
        }

        @Override
        public void close() throws TimeoutException {
            upstream.close();
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    /** So that what a constructor is given ends with its test. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Vertx.class || type == FakeUpstream.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running =
                context.getStore(OURS).getOrComputeIfAbsent(Running.class, first -> Running.start(), Running.class);
        return parameter.getParameter().getType() == Vertx.class ? running.vertx() : running.upstream();
    }
}
