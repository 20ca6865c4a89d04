package dev.runnel.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runnel.client.GenerationRequest;
import dev.runnel.message.Cancel;
import dev.runnel.message.Ended;
import dev.runnel.text.GenerationException;
import dev.runnel.text.Surrogates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

/** Whatever happens, each generation ends once, for its consumer and for observers, and releases everything. */
class EveryEndingTest {

    private static final int GENERATIONS = 400;
    private static final List<String> MODELS = List.of("echo", "paced", "failing", "halting", "narrow", "mute");

    @Property(tries = 8)
    void everyGenerationEndsOnceAndReleasesEverything(@ForAll long seed) throws Exception {
        var random = new Random(seed);
        try (GeneratorRig rig = rig()) {
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < GENERATIONS; i++) {
                submit(rig, random, readers);
            }
            for (Reader reader : readers) {
                reader.generation().end().otherwiseEmpty().await();
            }

            Map<String, Integer> endings = new HashMap<>();
            Set<Ended> accounts = new HashSet<>();
            for (int i = 0; i < readers.size(); i++) {
                Ended account = rig.ended();
                accounts.add(account);
                endings.merge(account.generationId(), 1, Integer::sum);
            }
            for (Reader reader : readers) {
                assertThat(accounts).contains(reader.generation().settled().await(20, TimeUnit.SECONDS));
            }
            assertThat(rig.nothingElseEnded()).isTrue();
            assertThat(endings.values()).containsOnly(1);
            assertThat(endings.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            readers.stream().map(Reader::id).toList());
            for (String model : MODELS) {
                ModelQueue queue = rig.queue(model);
                await().untilAsserted(() -> assertThat(List.of(queue.running(), queue.waiting(), queue.cells()))
                        .containsOnly(0));
            }
        }
    }

    private static GeneratorRig rig() throws Exception {
        Duration wait = Duration.ofMillis(30);
        return GeneratorRig.with()
                .model("echo", Map.of("echo", "true", "sequences", "3"))
                .model("paced", Map.of("interval", "1ms", "firstToken", "2ms", "sequences", "4"))
                .model("failing", Map.of("text", "a b c d", "failAfter", "2", "sequences", "2"))
                .model("halting", Map.of("text", "a b c d", "stallAfter", "2", "sequences", "4"))
                .model("narrow", Map.of("interval", "1ms", "contextTokens", "300", "cells", "700"))
                .model("mute", Map.of("stallAfter", "0", "sequences", "8"))
                .deadlines(wait.multipliedBy(4), wait, wait)
                .queue(20)
                .instances(3)
                .start();
    }

    private static void submit(GeneratorRig rig, Random random, List<Reader> readers) throws Exception {
        var request = GenerationRequest.of("Tell me " + random.nextInt())
                .withModel(MODELS.get(random.nextInt(MODELS.size())))
                .withMaxTokens(1 + random.nextInt(200));
        try {
            Reader reader = rig.submit(request);
            readers.add(reader);
            disturb(rig, random, reader);
        } catch (GenerationException refused) {
            assertThat(refused.failure().retryAfterSeconds()).isPositive();
        }
    }

    private static void disturb(GeneratorRig rig, Random random, Reader reader) throws Exception {
        int what = random.nextInt(6);
        var cause = what < 2 ? Cancel.Cause.CONSUMER_GONE : Cancel.Cause.DELETED;
        if (what == 0) {
            rig.run(() -> reader.generation().cancel(cause));
        } else if (what < 4) {
            long delay = 1L + random.nextInt(40);
            rig.run(() -> rig.vertx().setTimer(delay, now -> reader.generation().cancel(cause)));
        }
    }

    @Property(tries = 40)
    void anyTextComesThroughUnchanged(@ForAll @Size(max = 20) List<@NotEmpty String> prompts, @ForAll boolean paused)
            throws Exception {
        try (GeneratorRig rig = GeneratorRig.with()
                .model("echo", Map.of("echo", "true"))
                .instances(2)
                .start()) {
            for (String prompt : prompts) {
                if (!Surrogates.hasUnpaired(prompt)) {
                    Reader reader = rig.submit(GenerationRequest.of(prompt).withMaxTokens(4096));
                    if (paused) {
                        rig.run(() -> reader.generation().deltas().pause());
                        rig.run(() -> reader.generation().deltas().resume());
                    }
                    reader.end();
                    assertThat(reader.text()).isEqualTo(prompt);
                }
            }
        }
    }
}
