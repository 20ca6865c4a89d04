package dev.runnel.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures what a client notices of a cluster of the packaged jar, with scripted models on loopback:
 *
 * <ul>
 *   <li>{@code kill 25 80}, {@code freeze 25 80}: the pause of each stream whose generator's node dies, for so many
 *       deaths, of each of which about half of so many streams notice
 *   <li>{@code start 9}: the start and the memory of a node, so many times
 *   <li>{@code alarm 600 30}: three nodes for so many seconds beside a load that takes all processors, with so many
 *       clients; exits with status 1 if a node took another one for dead
 * </ul>
 */
public final class ClusterBenchmark {

    private ClusterBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (System.getProperty("runnel.jar") == null) {
            System.setProperty("runnel.jar", "target/runnel.jar");
        }
        List<String> given = List.of(args);
        Path folder = Files.createTempDirectory("runnel-cluster");
        boolean isGood = switch (given.get(0)) {
            case "kill", "freeze" ->
                new ClusterPauses(folder, given.get(0).equals("freeze")).run(number(given, 1), number(given, 2));
            case "start" -> new ClusterStarts(folder).run(number(given, 1));
            case "alarm" -> new ClusterAlarms(folder).run(number(given, 1), number(given, 2));
            default -> throw new IllegalArgumentException(given.get(0) + " (expected: kill, freeze, start, alarm)");
        };
        System.exit(isGood ? 0 : 1);
    }

    private static int number(List<String> args, int index) {
        return Integer.parseInt(args.get(index));
    }
}
