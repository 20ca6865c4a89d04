package dev.runnel.bench.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A {@link Reader} as a process of its own, which reads one load at a time. */
public final class ReaderProcess implements AutoCloseable {

    /** So that few of its own pauses are measured. */
    private static final List<String> STEADY =
            List.of("-XX:+UseSerialGC", "-Xmn256m", "-Xmx512m", "-XX:TieredStopAtLevel=1");

    private static final int NO_UPSTREAM = 0;

    private final ObjectMapper json = new ObjectMapper();
    private final JavaProcess process;

    private ReaderProcess(JavaProcess process) {
        this.process = process;
    }

    /** Starts one that asks no upstream. */
    public static ReaderProcess start() {
        return start(STEADY, NO_UPSTREAM);
    }

    static ReaderProcess start(List<String> options, int upstreamPort) {
        return new ReaderProcess(JavaProcess.start(Reader.class, options, Map.of(), Integer.toString(upstreamPort)));
    }

    /** Begins a load at a service. {@link #read} must follow. */
    public void begin(Service service, Load load) {
        begin((Server) service, load);
    }

    void begin(Server server, Load load) {
        try {
            process.send(json.writeValueAsString(server.addressed(load)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the load that was begun has ended. */
    boolean isDone() throws IOException {
        return process.hasAnswer();
    }

    /** Waits for the end of the load that was begun. */
    public Reading read() {
        try {
            return json.readValue(process.answer(), Reading.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    ProcessHandle handle() {
        return process.handle();
    }

    @Override
    public void close() {
        process.close();
    }
}
