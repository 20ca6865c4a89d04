package dev.runnel.conformance.session;

import dev.runnel.conformance.wire.Answer;
import dev.runnel.conformance.wire.Request;
import dev.runnel.conformance.wire.Wire;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds out what a server and a run lack. Each question is asked once. */
public final class Probes {

    /** The most requests that all probes together send. */
    public static final int MAX_REQUESTS = 16;

    private static final int SLOW_MILLIS = 1000;

    private final Session session;
    private final Map<Need, Optional<String>> answers = new EnumMap<>(Need.class);

    public Probes(Session session) {
        this.session = session;
    }

    /** Why a need is not met; empty if it is. */
    public Optional<String> missing(Need need) throws IOException {
        Optional<String> known = answers.get(need);
        if (known == null) {
            known = probe(need);
            answers.put(need, known);
        }
        return known;
    }

    private Optional<String> probe(Need need) throws IOException {
        return switch (need) {
            case BY_ID -> lacksRoute("/v1/generate/gen_00000000000000000000000000");
            case OPENAI -> lacksRoute("/v1/chat/completions");
            case RESUME -> lacksResume();
            case MESSAGES -> lacksField("messages", "[{\"role\":\"user\",\"content\":\"Hi\"}]");
            case RESPONSE_FORMAT -> lacksField("responseFormat", "{\"type\":\"text\"}");
            case THINKING -> lacksField("thinking", "false");
            case CORS -> lacks(session.setup().origin().isEmpty(), "no --origin was given");
            case TLS -> lacks(session.target().tls().isEmpty(), "the address is not https");
            case PLAIN -> lacks(session.target().tls().isPresent(), "the address is https");
            case SLOW -> isTooFast();
            case SINGLE -> lacksModel(ModelRole.SINGLE);
            case LOAD -> lacks(!session.setup().load(), "only with --load");
            default -> probeSetting(need);
        };
    }

    private Optional<String> probeSetting(Need need) {
        return switch (need) {
            case SILENT -> lacksModel(ModelRole.SILENT);
            case FAILING -> lacksModel(ModelRole.FAILING);
            case DEAD -> lacksModel(ModelRole.DEAD);
            case UNICODE -> lacksModel(ModelRole.UNICODE);
            case SECOND_KEY -> lacksKey(KeyRole.SECOND);
            case OTHER_KEY -> lacksKey(KeyRole.OTHER);
            case OBSERVE_KEY -> lacksKey(KeyRole.OBSERVE);
            case GENERATE_KEY -> lacksKey(KeyRole.GENERATE);
            case LIMITED_KEY -> lacksKey(KeyRole.LIMITED);
            case CONCURRENT_KEY -> lacksKey(KeyRole.CONCURRENT);
            case NARROW_KEY -> lacksKey(KeyRole.NARROW);
            case EXPIRED_KEY -> lacksKey(KeyRole.EXPIRED);
            case REVOKED_KEY -> lacksKey(KeyRole.REVOKED);
            default -> Optional.empty();
        };
    }

    private static Optional<String> lacks(boolean isMissing, String reason) {
        return isMissing ? Optional.of(reason) : Optional.empty();
    }

    private Optional<String> lacksKey(KeyRole role) {
        return lacks(
                !session.setup().keys().containsKey(role),
                "no --" + role.name().toLowerCase(Locale.ROOT) + "-key was given");
    }

    private Optional<String> lacksModel(ModelRole role) {
        return lacks(
                session.model(role).isEmpty(), "no --" + role.name().toLowerCase(Locale.ROOT) + "-model was given");
    }

    /** A known path answers 405 to a method that it does not have. */
    private Optional<String> lacksRoute(String path) throws IOException {
        Answer answer = session.send(Request.of("PUT", path).key(session.key()));
        return lacks(answer.status() == 404, "the server has no route " + path);
    }

    private Optional<String> lacksResume() throws IOException {
        Answer answer =
                session.send(session.post(Session.ONCE, session.small()).header("Idempotency-Key", session.unique()));
        boolean isRefused =
                answer.status() == 400 && answer.error().path("code").asText().equals("not_supported");
        return lacks(isRefused, "the server answers not_supported to Idempotency-Key");
    }

    private Optional<String> lacksField(String field, String json) throws IOException {
        Body body = session.small().with(field, json);
        Answer answer =
                session.send(session.post(Session.ONCE, field.equals("messages") ? body.without("prompt") : body));
        boolean isUnknown = answer.status() == 400
                && answer.error().path("message").asText().contains("unknown field");
        return lacks(isUnknown, "the server does not know the field " + field);
    }

    private Optional<String> isTooFast() throws IOException {
        Body body = session.story(ModelRole.SLOW);
        Request request = session.post(Session.STREAM, body.with("maxTokens", "256"));
        try (Wire wire = session.open(request)) {
            wire.head();
            wire.part();
            long end = System.nanoTime() + SLOW_MILLIS * 1_000_000L;
            while (System.nanoTime() < end) {
                if (wire.isReadyWithin(SLOW_MILLIS) && wire.part().isEmpty()) {
                    return Optional.of("no --slow-model was given, and the model ends within " + SLOW_MILLIS + " ms");
                }
            }
            return Optional.empty();
        }
    }
}
