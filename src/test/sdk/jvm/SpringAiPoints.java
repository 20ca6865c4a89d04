import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;
import reactor.core.Disposable;

/** Spring AI's spring-ai-starter-model-openai against a running service. See {@link Points}. */
final class SpringAiPoints {

    private static final String COLOUR = """
            {"type":"object","properties":{"name":{"type":"string","enum":["red","green"]},"dark":{"type":"boolean"}},
            "required":["name","dark"],"additionalProperties":false}""";

    /** What the tool gets. */
    record Place(String city) {}

    private SpringAiPoints() {}

    private static OpenAiChatOptions.Builder options(String model) {
        OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
        options.baseUrl(Points.URL).apiKey(Points.KEY).maxRetries(0).streamUsage(true);
        options.model(model);
        return options;
    }

    private static OpenAiChatModel model(OpenAiChatOptions.Builder options) {
        return OpenAiChatModel.builder().options(options.build()).build();
    }

    private static ChatResponse ask(OpenAiChatOptions.Builder options, String text) {
        return model(options).call(new Prompt(text));
    }

    private static List<ChatResponse> stream(OpenAiChatOptions.Builder options, String text) {
        return model(options).stream(new Prompt(text)).collectList().block(Points.LIMIT);
    }

    private static String text(ChatResponse answer) {
        return answer.getResult() == null ? "" : answer.getResult().getOutput().getText();
    }

    private static String text(List<ChatResponse> pieces) {
        StringBuilder text = new StringBuilder();
        for (ChatResponse piece : pieces) {
            text.append(text(piece) == null ? "" : text(piece));
        }
        return text.toString();
    }

    private static String finish(ChatResponse answer) {
        return answer.getResult().getMetadata().getFinishReason().toLowerCase();
    }

    private static void whole() {
        ChatResponse answer = ask(options("echo"), Points.SENTENCE);
        Points.same(text(answer), Points.SENTENCE);
        Points.same(finish(answer), "stop");
        Points.isTrue(answer.getMetadata().getId().startsWith("gen_"), answer);
    }

    private static void streamed() {
        List<ChatResponse> pieces = stream(options("echo"), Points.SENTENCE);
        Points.same(text(pieces), Points.SENTENCE);
        Points.isTrue(pieces.size() > 2, pieces);
    }

    private static void usage() {
        var whole = ask(options("echo"), "a b").getMetadata().getUsage();
        List<ChatResponse> pieces = stream(options("echo"), "a b");
        var streamed = pieces.get(pieces.size() - 1).getMetadata().getUsage();
        Points.isTrue(whole.getCompletionTokens() > 0 && whole.getPromptTokens() > 0, whole);
        Points.same(streamed.getTotalTokens(), whole.getTotalTokens());
    }

    private static void stop() {
        OpenAiChatOptions.Builder stops = options("echo");
        stops.stop(List.of(" three"));
        Points.same(text(ask(stops, "one two three")), "one two");
        OpenAiChatOptions.Builder bound = options("echo");
        bound.maxTokens(1);
        Points.same(finish(ask(bound, "one two three")), "length");
    }

    private static void conversation() {
        Prompt prompt = new Prompt(List.of(
                new SystemMessage("Be brief."),
                new UserMessage("hi"),
                new AssistantMessage("hello"),
                new UserMessage("the end")));
        Points.same(text(model(options("echo")).call(prompt)), "the end");
    }

    private static void tools() {
        var weather = FunctionToolCallback.builder("weather", (Place place) -> {
                    Points.same(place.city(), "Oslo");
                    return "21";
                })
                .description("The weather in a city.")
                .inputType(Place.class)
                .build();
        ChatClient client = ChatClient.create(model(options("caller")));
        Points.same(
                client.prompt(Points.QUESTION).tools(weather).call().content(), Points.WEATHER);
        List<String> pieces = client.prompt(Points.QUESTION)
                .tools(weather)
                .stream()
                .content()
                .collectList()
                .block(Points.LIMIT);
        Points.same(String.join("", pieces), Points.WEATHER);
    }

    private static OpenAiChatOptions.Builder colour() {
        OpenAiChatOptions.Builder options = options("tiny");
        options.responseFormat(OpenAiChatModel.ResponseFormat.builder()
                .type(OpenAiChatModel.ResponseFormat.Type.JSON_SCHEMA)
                .jsonSchema(COLOUR)
                .strict(true)
                .build());
        return options;
    }

    private static void schema() {
        for (String text : List.of(
                text(ask(colour(), "A colour, please.")), text(stream(colour(), "A colour, please.")))) {
            Points.isTrue(
                    text.replaceAll("\\s", "").matches("\\{\"name\":\"(red|green)\",\"dark\":(true|false)}"), text);
        }
    }

    private static void unauthorized() throws Exception {
        OpenAiChatOptions.Builder stranger = options("echo");
        stranger.apiKey("wrong");
        Points.throwsA(UnauthorizedException.class, () -> ask(stranger, "x"));
        Points.throwsA(Exception.class, () -> stream(stranger, "x"));
    }

    private static void unknownModel() throws Exception {
        Points.throwsA(NotFoundException.class, () -> ask(options("gpt-4o"), "x"));
    }

    private static void tooLong() throws Exception {
        String text = "word ".repeat(9);
        var error = Points.throwsA(BadRequestException.class, () -> ask(options("small"), text));
        Points.same(error.code().orElseThrow(), "context_length_exceeded");
        Points.throwsA(Exception.class, () -> stream(options("small"), text));
    }

    private static OpenAiChatOptions.Builder tight(int retries) {
        OpenAiChatOptions.Builder options = options("echo");
        options.apiKey(Points.TIGHT_KEY).maxRetries(retries);
        return options;
    }

    private static void rateLimited() throws Exception {
        Points.isTrue(Points.useUpTheRequests() >= 1, "no wait");
        Points.throwsA(RateLimitException.class, () -> ask(tight(0), "x"));
    }

    private static void retryAfter() throws Exception {
        Points.isTrue(Points.useUpTheRequests() >= 1, "no wait");
        Points.same(text(ask(tight(1), "x")), "x");
    }

    private static List<ChatResponse> piecesBeforeTheError(OpenAiChatOptions.Builder options) throws Exception {
        List<ChatResponse> pieces = new ArrayList<>();
        Points.throwsA(
                Exception.class, () -> model(options).stream(new Prompt("x")).doOnNext(pieces::add).blockLast(Points.LIMIT));
        return pieces;
    }

    private static void upstreamFails() throws Exception {
        List<ChatResponse> pieces = piecesBeforeTheError(options("broken"));
        Points.isTrue(text(pieces).startsWith("one two"), pieces);
        Points.throwsA(InternalServerException.class, () -> ask(options("broken"), "x"));
    }

    private static void cut() throws Exception {
        OpenAiChatOptions.Builder cutting = options("ticks");
        cutting.baseUrl(Points.CUT_URL);
        List<ChatResponse> pieces = piecesBeforeTheError(cutting);
        Points.isTrue(text(pieces).contains("tick"), pieces);
    }

    private static void abort() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        Disposable stream =
                model(options(Points.ENDLESS)).stream(new Prompt("x")).subscribe(piece -> first.countDown());
        Points.isTrue(first.await(Points.LIMIT.toSeconds(), TimeUnit.SECONDS), "no text");
        Points.freesTheEngine(stream::dispose);
    }

    public static void main(String[] names) {
        Map<String, Points.Point> points = Map.ofEntries(
                Map.entry("whole", SpringAiPoints::whole),
                Map.entry("streamed", SpringAiPoints::streamed),
                Map.entry("usage", SpringAiPoints::usage),
                Map.entry("stop", SpringAiPoints::stop),
                Map.entry("conversation", SpringAiPoints::conversation),
                Map.entry("tools", SpringAiPoints::tools),
                Map.entry("schema", SpringAiPoints::schema),
                Map.entry("unauthorized", SpringAiPoints::unauthorized),
                Map.entry("unknown_model", SpringAiPoints::unknownModel),
                Map.entry("too_long", SpringAiPoints::tooLong),
                Map.entry("rate_limited", SpringAiPoints::rateLimited),
                Map.entry("retry_after", SpringAiPoints::retryAfter),
                Map.entry("upstream_fails", SpringAiPoints::upstreamFails),
                Map.entry("cut", SpringAiPoints::cut),
                Map.entry("abort", SpringAiPoints::abort));
        Map<String, String> notOffered = Map.of(
                "models", "it has no list of models",
                "responses", "it uses chat completions",
                "responses_streamed", "it uses chat completions",
                "response_resumed", "it uses chat completions");
        Points.run(OpenAiChatModel.class.getPackage().getImplementationVersion(), points, notOffered, names);
    }
}
