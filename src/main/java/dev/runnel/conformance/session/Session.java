package dev.runnel.conformance.session;

import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Target;
import dev.runnel.conformance.wire.Transcript;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A run against one server. Cases run one after another on one thread. */
public final class Session {

    /** The route that answers once. */
    public static final String ONCE = "/v1/generate";

    public static final String STREAM = "/v1/generate/stream";

    private static final String STORY = "Tell me a story about a small river that wanted to see the sea.";
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final Setup setup;
    private final Transcript transcript = new Transcript();
    private final Map<String, Object> kept = new HashMap<>();
    private final String name = "conform-" + Long.toHexString(new SecureRandom().nextLong());
    private int requests;
    private int names;

    public Session(Setup setup) {
        this.setup = setup;
        setup.keys().values().forEach(transcript::hide);
    }

    public Setup setup() {
        return setup;
    }

    public Target target() {
        return setup.target();
    }

    public Transcript transcript() {
        return transcript;
    }

    /** How many requests were sent so far. */
    public int requests() {
        return requests;
    }

    public String key() {
        return key(KeyRole.MAIN);
    }

    /** The key of a role. A case names the key as a need first. */
    public String key(KeyRole role) {
        return Optional.ofNullable(setup.keys().get(role)).orElseThrow(() -> NotRun.skip("no key: " + role));
    }

    public Optional<String> model(ModelRole role) {
        return Optional.ofNullable(setup.models().get(role));
    }

    /** A body for one token. */
    public Body small() {
        return with(ModelRole.TEXT, Body.of("Hi", 1));
    }

    /** A body for a text of some tokens. */
    public Body story() {
        return story(ModelRole.TEXT);
    }

    public Body story(ModelRole role) {
        return with(role, Body.of(STORY, 32));
    }

    /** A body that names the model of a role, else that of ordinary cases, where the run has one. */
    public Body with(ModelRole role, Body body) {
        return model(role).or(() -> model(ModelRole.TEXT)).map(body::model).orElse(body);
    }

    /** A request of the main key. */
    public Request post(String path, Body body) {
        return post(path, body.json());
    }

    public Request post(String path, String json) {
        return Request.of("POST", path).key(key()).json(json);
    }

    public Request get(String path) {
        return Request.of("GET", path).key(key());
    }

    /** Sends one request over a connection of its own and reads the answer. */
    public Answer send(Request request) throws IOException {
        try (Wire wire = open(request)) {
            return request.method().equals("HEAD") ? wire.answerWithoutBody() : wire.answer();
        }
    }

    public Answer send(String raw) throws IOException {
        try (Wire wire = connect()) {
            return wire.send(raw).answer();
        }
    }

    /** Sends one request over a connection of its own, which the caller closes. */
    public Wire open(Request request) throws IOException {
        return connect().send(request);
    }

    /** Opens a connection, which counts as one request. */
    public Wire connect() throws IOException {
        count();
        return Wire.open(target(), transcript);
    }

    /** Counts a request that is sent over a connection which is open already. */
    public void count() {
        requests++;
    }

    /** A name that nothing else has, for an idempotency key. */
    public String unique() {
        names++;
        return name + "-" + names;
    }

    /** A value that several cases share, made by the first that needs it. */
    public <T> T keep(String name, Class<T> type, Source<T> source) throws IOException {
        Object value = kept.get(name);
        if (value == null) {
            value = source.get();
            kept.put(name, value);
        }
        return type.cast(value);
    }

    /** Makes a value with requests to the server. */
    @FunctionalInterface
    public interface Source<T> {
        T get() throws IOException;
    }

    /**
     * Asks until it is true or the timeout of the target has passed. Each pause is twice as long as the one before it,
     * so that a server without hurry gets few requests.
     */
    public boolean becomesTrue(Source<Boolean> question) throws IOException {
        long end = System.nanoTime() + target().timeout().toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (System.nanoTime() < end) {
            if (question.get()) {
                return true;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
            pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
        }
        return question.get();
    }
}
