package dev.runnel.bench.attack;

import dev.runnel.bench.Samples;
import dev.runnel.bench.relay.Service;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** One client that asks for a few tokens, again and again. */
final class ShortQuestions implements Others {

    private static final Duration WARM = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(20);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String BODY = "{\"prompt\":\"hello\",\"maxTokens\":4}";

    @Override
    public void warm(Service service) {
        ask(service, WARM);
    }

    @Override
    public Figures measure(Service service) {
        return ask(service, MEASURED);
    }

    private static Figures ask(Service service, Duration time) {
        String request = Posts.generate(service.key("short"), BODY);
        Samples millis = new Samples();
        Map<String, Integer> failed = new TreeMap<>();
        long began = System.nanoTime();
        try (Repeated questions = Repeated.of(service.port(), request)) {
            do {
                long asked = System.nanoTime();
                String got = questions.once();
                millis.add((System.nanoTime() - asked) / NANOS_PER_MILLI);
                if (!got.equals("200")) {
                    failed.merge(got, 1, Integer::sum);
                }
            } while (System.nanoTime() - began < time.toNanos());
        }
        return new Figures(millis.count(), failed, "answer", millis.quantile(0.5), millis.quantile(0.99), Double.NaN);
    }

    @Override
    public void close() {
        // Each measurement has closed its connection.
    }
}
