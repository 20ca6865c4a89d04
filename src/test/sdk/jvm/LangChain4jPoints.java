import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** LangChain4j's module langchain4j-open-ai against a running service. See {@link Points}. */
final class LangChain4jPoints {

    private static final ToolSpecification TOOL = ToolSpecification.builder()
            .name("weather")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .required("city")
                    .build())
            .build();

    private static final ResponseFormat COLOUR = ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder()
                    .name("colour")
                    .rootElement(JsonObjectSchema.builder()
                            .addEnumProperty("name", List.of("red", "green"))
                            .addBooleanProperty("dark")
                            .required("name", "dark")
                            .build())
                    .build())
            .build();

    private LangChain4jPoints() {}

    private static OpenAiChatModel.OpenAiChatModelBuilder model(String name) {
        return OpenAiChatModel.builder()
                .baseUrl(Points.URL)
                .apiKey(Points.KEY)
                .modelName(name)
                .maxRetries(0)
                .strictJsonSchema(true);
    }

    private static OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder streaming(String name) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(Points.URL)
                .apiKey(Points.KEY)
                .modelName(name)
                .strictJsonSchema(true);
    }

    private static ChatRequest.Builder request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text));
    }

    private static ChatResponse ask(String model, ChatRequest.Builder request) {
        return model(model).build().chat(request.build());
    }

    private static String text(ChatResponse answer) {
        return answer.aiMessage().text();
    }

    /** A stream with its pieces, whose end is a future. */
    private static final class Stream implements StreamingChatResponseHandler {

        private final List<String> pieces = new ArrayList<>();
        private final CompletableFuture<PartialResponseContext> first = new CompletableFuture<>();
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        Stream() {}

        Stream(OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder model, ChatRequest.Builder request) {
            model.build().chat(request.build(), this);
        }

        @Override
        public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
            pieces.add(piece.text());
            first.complete(context);
        }

        @Override
        public void onCompleteResponse(ChatResponse answer) {
            end.complete(answer);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }

        ChatResponse answer() throws Exception {
            try {
                return end.get(Points.LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private static void models() {
        List<String> names = OpenAiModelCatalog.builder()
                .baseUrl(Points.URL)
                .apiKey(Points.KEY)
                .build()
                .listModels()
                .stream()
                .map(model -> model.name())
                .toList();
        Points.isTrue(names.containsAll(List.of("echo", "small", "slow")), names);
    }

    private static void whole() {
        ChatResponse answer = ask("echo", request(Points.SENTENCE));
        Points.same(text(answer), Points.SENTENCE);
        Points.same(answer.finishReason(), FinishReason.STOP);
        Points.isTrue(answer.id().startsWith("gen_"), answer);
    }

    private static void streamed() throws Exception {
        Stream stream = new Stream(streaming("echo"), request(Points.SENTENCE));
        Points.same(text(stream.answer()), Points.SENTENCE);
        Points.same(String.join("", stream.pieces), Points.SENTENCE);
        Points.isTrue(stream.pieces.size() > 1, stream.pieces);
    }

    private static void usage() throws Exception {
        ChatResponse whole = ask("echo", request("a b"));
        ChatResponse streamed = new Stream(streaming("echo"), request("a b")).answer();
        Points.isTrue(whole.tokenUsage().outputTokenCount() > 0, whole);
        Points.same(streamed.tokenUsage().totalTokenCount(), whole.tokenUsage().totalTokenCount());
    }

    private static void stop() {
        Points.same(text(ask("echo", request("one two three").stopSequences(List.of(" three")))), "one two");
        Points.same(
                ask("echo", request("one two three").maxOutputTokens(1)).finishReason(), FinishReason.LENGTH);
    }

    private static void conversation() {
        ChatRequest.Builder request = ChatRequest.builder()
                .messages(
                        SystemMessage.from("Be brief."),
                        UserMessage.from("hi"),
                        AiMessage.from("hello"),
                        UserMessage.from("the end"));
        Points.same(text(ask("echo", request)), "the end");
    }

    private static void tools() throws Exception {
        ChatResponse whole = ask("caller", request(Points.QUESTION).toolSpecifications(TOOL));
        ChatResponse streamed = new Stream(streaming("caller"), request(Points.QUESTION).toolSpecifications(TOOL))
                .answer();
        for (ChatResponse answer : List.of(whole, streamed)) {
            Points.same(answer.finishReason(), FinishReason.TOOL_EXECUTION);
            var call = answer.aiMessage().toolExecutionRequests().get(0);
            Points.same(call.name() + call.arguments(), "weather{\"city\":\"Oslo\"}");
            List<ChatMessage> messages = List.of(
                    UserMessage.from(Points.QUESTION), answer.aiMessage(), ToolExecutionResultMessage.from(call, "21"));
            Points.same(
                    text(ask("caller", ChatRequest.builder().messages(messages).toolSpecifications(TOOL))),
                    Points.WEATHER);
        }
    }

    private static void schema() throws Exception {
        ChatResponse whole = ask("tiny", request("A colour, please.").responseFormat(COLOUR));
        ChatResponse streamed =
                new Stream(streaming("tiny"), request("A colour, please.").responseFormat(COLOUR)).answer();
        for (ChatResponse answer : List.of(whole, streamed)) {
            Points.isTrue(
                    text(answer).replaceAll("\\s", "").matches("\\{\"name\":\"(red|green)\",\"dark\":(true|false)}"),
                    answer);
        }
    }

    private static void unauthorized() throws Exception {
        Points.throwsA(
                AuthenticationException.class, () -> model("echo").apiKey("wrong").build().chat("x"));
        Points.throwsA(
                AuthenticationException.class,
                () -> new Stream(streaming("echo").apiKey("wrong"), request("x")).answer());
    }

    private static void unknownModel() throws Exception {
        Points.throwsA(ModelNotFoundException.class, () -> ask("gpt-4o", request("x")));
    }

    private static void tooLong() throws Exception {
        String text = "word ".repeat(9);
        var error = Points.throwsA(InvalidRequestException.class, () -> ask("small", request(text)));
        Points.isTrue(error.getMessage().contains("context_length_exceeded"), error);
        Points.throwsA(InvalidRequestException.class, () -> new Stream(streaming("small"), request(text)).answer());
    }

    private static void upstreamFails() throws Exception {
        Stream stream = new Stream(streaming("broken"), request("x"));
        Points.throwsA(Exception.class, stream::answer);
        Points.isTrue(String.join("", stream.pieces).startsWith("one two"), stream.pieces);
        Points.throwsA(InternalServerException.class, () -> ask("broken", request("x")));
    }

    private static void cut() throws Exception {
        Stream stream = new Stream(streaming("ticks").baseUrl(Points.CUT_URL), request("x"));
        Points.throwsA(Exception.class, stream::answer);
        Points.isTrue(String.join("", stream.pieces).contains("tick"), stream.pieces);
    }

    private static void abort() throws Exception {
        Stream stream = new Stream(streaming(Points.ENDLESS), request("x"));
        var handle = stream.first.get(Points.LIMIT.toSeconds(), TimeUnit.SECONDS).streamingHandle();
        Points.freesTheEngine(handle::cancel);
    }

    private static void rateLimited() throws Exception {
        Points.isTrue(Points.useUpTheRequests() >= 1, "no wait");
        Points.throwsA(
                RateLimitException.class,
                () -> model("echo").apiKey(Points.TIGHT_KEY).build().chat("x"));
    }

    private static void responses() {
        ChatResponse answer = OpenAiResponsesChatModel.builder()
                .baseUrl(Points.URL)
                .apiKey(Points.KEY)
                .modelName("echo")
                .build()
                .chat(request(Points.SENTENCE).build());
        Points.same(text(answer), Points.SENTENCE);
    }

    private static void responsesStreamed() throws Exception {
        Stream stream = new Stream();
        OpenAiResponsesStreamingChatModel.builder()
                .baseUrl(Points.URL)
                .apiKey(Points.KEY)
                .modelName("echo")
                .build()
                .chat(request(Points.SENTENCE).build(), stream);
        Points.same(text(stream.answer()), Points.SENTENCE);
        Points.same(String.join("", stream.pieces), Points.SENTENCE);
    }

    private static String version() throws IOException {
        String file = "/META-INF/maven/dev.langchain4j/langchain4j-open-ai/pom.properties";
        Properties properties = new Properties();
        try (InputStream in = OpenAiChatModel.class.getResourceAsStream(file)) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    public static void main(String[] names) throws IOException {
        Map<String, Points.Point> points = Map.ofEntries(
                Map.entry("models", LangChain4jPoints::models),
                Map.entry("whole", LangChain4jPoints::whole),
                Map.entry("streamed", LangChain4jPoints::streamed),
                Map.entry("usage", LangChain4jPoints::usage),
                Map.entry("stop", LangChain4jPoints::stop),
                Map.entry("conversation", LangChain4jPoints::conversation),
                Map.entry("tools", LangChain4jPoints::tools),
                Map.entry("schema", LangChain4jPoints::schema),
                Map.entry("unauthorized", LangChain4jPoints::unauthorized),
                Map.entry("unknown_model", LangChain4jPoints::unknownModel),
                Map.entry("too_long", LangChain4jPoints::tooLong),
                Map.entry("rate_limited", LangChain4jPoints::rateLimited),
                Map.entry("upstream_fails", LangChain4jPoints::upstreamFails),
                Map.entry("cut", LangChain4jPoints::cut),
                Map.entry("abort", LangChain4jPoints::abort),
                Map.entry("responses", LangChain4jPoints::responses),
                Map.entry("responses_streamed", LangChain4jPoints::responsesStreamed));
        Map<String, String> notOffered = Map.of(
                "retry_after", "its pauses do not follow the answer",
                "response_resumed", "it does not continue a background response");
        Points.run(version(), points, notOffered, names);
    }
}
