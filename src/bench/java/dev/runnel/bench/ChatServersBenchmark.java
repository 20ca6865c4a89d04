package dev.runnel.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Servers of {@code POST /v1/chat/completions} that run the same model file, in turns: tokens per second for 1, 8 and
 * 16 streams, the time to the first token, and the longest gap of running streams while a long prompt is read. The
 * servers are started before, each with 16 sequences. A server that is not measured computes nothing.
 *
 * <p>Usage: {@code mvn -q -Pbench test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=dev.runnel.bench.ChatServersBenchmark -Dexec.args="ROUNDS NAME,URL,MODEL,KEY …"}
 */
public final class ChatServersBenchmark {

    private static final int[] STREAMS = {1, 8, 16};
    private static final int OTHERS = 7;
    private static final int OTHERS_TOKENS = 900;
    private static final int FIRST_TOKENS = 3;

    private final Vertx vertx = Vertx.vertx();
    /** A connection for each request, since servers close idle ones when they like. */
    private final HttpClient client =
            vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(64));

    private final List<ChatServer> servers;
    private int nextPrompt = 1000;

    private ChatServersBenchmark(List<ChatServer> servers) {
        this.servers = servers;
    }

    public static void main(String[] args) {
        List<ChatServer> servers =
                Arrays.stream(args).skip(1).map(ChatServer::parse).toList();
        var benchmark = new ChatServersBenchmark(servers);
        benchmark.run(Integer.parseInt(args[0]));
        benchmark.close();
    }

    /** The first round of each server warms it, and is not counted. */
    private void run(int rounds) {
        Map<String, Map<ChatServer, Samples>> figures = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (ChatServer server : servers) {
                for (int streams : STREAMS) {
                    double rate = tokensPerSecond(server, streams);
                    add(figures, round, "tokens/s, streams: " + streams, server, rate);
                }
                latencies(figures, round, server);
            }
        }
        print(figures);
    }

    private static void add(
            Map<String, Map<ChatServer, Samples>> figures, int round, String name, ChatServer server, double value) {
        if (round >= 0) {
            figures.computeIfAbsent(name, any -> new LinkedHashMap<>())
                    .computeIfAbsent(server, any -> new Samples())
                    .add(value);
        }
    }

    private double tokensPerSecond(ChatServer server, int streams) {
        long began = System.nanoTime();
        List<Future<ChatStream>> running = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            running.add(
                    start(server, Work.shortPrompt(nextPrompt++), Work.TOKENS).compose(ChatStream::end));
        }
        Future.all(running).await();
        int tokens = running.stream().mapToInt(one -> one.result().tokens()).sum();
        long last = running.stream()
                .mapToLong(one -> one.result().endedNanos())
                .max()
                .orElseThrow();
        return tokens * 1e9 / (last - began);
    }

    private void latencies(Map<String, Map<ChatServer, Samples>> figures, int round, ChatServer server) {
        for (int i = 0; i < FIRST_TOKENS; i++) {
            add(figures, round, "first token alone, ms", server, firstToken(server));
        }
        List<ChatStream> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(
                    start(server, Work.shortPrompt(nextPrompt++), OTHERS_TOKENS).await());
        }
        others.forEach(stream -> stream.firstPiece().await());
        for (int i = 0; i < FIRST_TOKENS; i++) {
            add(figures, round, "first token beside 7 others, ms", server, firstToken(server));
        }
        long began = System.nanoTime();
        ChatStream intruder = start(server, Work.longPrompt(nextPrompt++), 4)
                .compose(ChatStream::end)
                .await();
        add(figures, round, "first token of 1,500 tokens beside 7, ms", server, intruder.firstPieceMillis());
        double gap = others.stream()
                .mapToDouble(stream -> stream.longestGapMillis(began))
                .max()
                .orElseThrow();
        add(figures, round, "longest gap of the 7 meanwhile, ms", server, gap);
        others.forEach(ChatStream::abort);
        firstToken(server);
    }

    private double firstToken(ChatServer server) {
        return start(server, Work.shortPrompt(nextPrompt++), 8)
                .compose(ChatStream::end)
                .await()
                .firstPieceMillis();
    }

    private Future<ChatStream> start(ChatServer server, String prompt, int maxTokens) {
        return ChatStream.start(client, server, prompt, nextPrompt, maxTokens);
    }

    private void print(Map<String, Map<ChatServer, Samples>> figures) {
        StringBuilder table = new StringBuilder("| figure |");
        servers.forEach(server -> table.append(" ").append(server.name()).append(" |"));
        table.append("\n|").append("---|".repeat(servers.size() + 1));
        figures.forEach((name, samples) -> {
            table.append("\n| ").append(name).append(" |");
            servers.forEach(server ->
                    table.append(" ").append(samples.get(server).show("%.1f")).append(" |"));
        });
        System.out.println(table);
    }

    private void close() {
        client.close().await();
        vertx.close().await();
    }
}
