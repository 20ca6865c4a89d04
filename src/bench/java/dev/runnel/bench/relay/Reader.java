package dev.runnel.bench.relay;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads many streams at once, as a process of its own: takes a {@link Load} a line from its standard input, and answers
 * each with a {@link Reading}. Its argument is the upstream's port.
 */
public final class Reader {

    private final Loop loop = new Loop();
    private final UpstreamQuestions upstream;
    private int nextNumber = 1;

    private Reader(UpstreamQuestions upstream) {
        this.upstream = upstream;
    }

    public static void main(String[] args) throws IOException {
        Reader reader = new Reader(new UpstreamQuestions(Integer.parseInt(args[0])));
        ObjectMapper json = new ObjectMapper();
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(json.writeValueAsString(reader.read(json.readValue(line, Load.class))));
        }
        System.exit(0);
    }

    private Reading read(Load load) {
        // Now rather than during the load, where its pause would be the server's.
        System.gc();
        LoadRun run = new LoadRun(load, nextNumber, loop);
        nextNumber += load.total();
        Reading reading = run.start().join();
        return load.form().leaveAfter() > 0 ? withClosings(reading, run.left()) : reading;
    }

    private Reading withClosings(Reading reading, Map<Integer, Long> left) {
        upstream.awaitIdle();
        Map<Integer, Long> closed = upstream.takeClosed();
        Histogram closings = new Histogram();
        Map<String, Integer> broken = new TreeMap<>(reading.broken());
        left.forEach((number, micros) -> {
            Long at = closed.get(number);
            if (at == null) {
                broken.merge("the upstream's connection stays open", 1, Integer::sum);
            } else {
                closings.add(at - micros);
            }
        });
        return new Reading(
                reading.streams(),
                reading.tokens(),
                reading.events(),
                reading.bytes(),
                reading.ages(),
                reading.firstTokens(),
                closings.quantiles(),
                broken);
    }
}
