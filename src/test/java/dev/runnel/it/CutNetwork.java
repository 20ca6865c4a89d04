package dev.runnel.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Network namespaces, each of which has an address for the others and one for this process. Each two of them have a
 * bridge of their own in one more namespace. A link is cut by taking its end off the bridge: packets vanish.
 */
final class CutNetwork implements AutoCloseable {

    private final int count;
    private final String prefix = "rn" + ProcessHandle.current().pid() % 100_000;
    private final int subnet = (int) (ProcessHandle.current().pid() % 256);

    CutNetwork(int count) {
        this.count = count;
        try {
            ip("netns add " + bridges());
            for (int i = 0; i < count; i++) {
                add(i);
            }
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < i; j++) {
                    link(i, j);
                }
            }
        } catch (UncheckedIOException | IllegalStateException e) {
            close();
            throw e;
        }
    }

    /** Skips the test that calls it without root, or without network namespaces. With CI set, root needs them. */
    static void needed() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
        Needed.program("ip of iproute2", "ip", "-V");
        String probe = "rnprobe" + ProcessHandle.current().pid();
        boolean isThere = run("netns", "add", probe) == 0;
        run("netns", "delete", probe);
        Needed.installed(isThere, "this root may make no network namespaces");
    }

    private String bridges() {
        return prefix + "bridges";
    }

    private String space(int node) {
        return prefix + "n" + node;
    }

    private String clients(int node, int end) {
        return "198.18." + subnet + "." + (4 * node + end);
    }

    private String members(int node) {
        return "198.19." + subnet + "." + (node + 1);
    }

    private static String bridge(int one, int other) {
        return "b" + Math.max(one, other) + Math.min(one, other);
    }

    private void add(int node) {
        String space = space(node);
        String here = prefix + "c" + node;
        ip("netns add " + space);
        ip("-n " + space + " link set lo up");
        ip("-n " + space + " address add " + members(node) + "/32 dev lo");
        ip("link add " + here + " type veth peer name clients netns " + space);
        ip("address add " + clients(node, 1) + "/30 dev " + here);
        ip("link set " + here + " up");
        ip("-n " + space + " address add " + clients(node, 2) + "/30 dev clients");
        ip("-n " + space + " link set clients up");
    }

    private void link(int one, int other) {
        ip("-n " + bridges() + " link add " + bridge(one, other) + " type bridge");
        ip("-n " + bridges() + " link set " + bridge(one, other) + " up");
        end(one, other);
        end(other, one);
    }

    private void end(int node, int other) {
        String space = space(node);
        ip("-n " + bridges() + " link add " + port(node, other) + " type veth peer name to" + other + " netns "
                + space);
        ip("-n " + bridges() + " link set " + port(node, other) + " up");
        heal(node, other);
        ip("-n " + space + " link set to" + other + " up");
        ip("-n " + space + " route add " + members(other) + "/32 dev to" + other + " src " + members(node));
    }

    private static String port(int node, int other) {
        return "p" + node + other;
    }

    List<ClusterNodes.Host> hosts() {
        return IntStream.range(0, count)
                .mapToObj(node -> new ClusterNodes.Host(
                        List.of("ip", "netns", "exec", space(node)), clients(node, 2), members(node)))
                .toList();
    }

    /** Cuts all links of a node to others. Its clients still reach it. */
    void cutOff(int node) {
        others(node).forEach(other -> cut(node, other));
    }

    /** Reverses {@link #cutOff}. */
    void heal(int node) {
        others(node).forEach(other -> heal(node, other));
    }

    private IntStream others(int node) {
        return IntStream.range(0, count).filter(other -> other != node);
    }

    private void cut(int node, int other) {
        ip("-n " + bridges() + " link set " + port(node, other) + " nomaster");
    }

    private void heal(int node, int other) {
        ip("-n " + bridges() + " link set " + port(node, other) + " master " + bridge(node, other));
    }

    private static void ip(String arguments) {
        if (run(arguments.split(" ")) != 0) {
            throw new IllegalStateException("ip " + arguments + " has failed");
        }
    }

    private static int run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.out.print(output);
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The links go with the namespaces. */
    @Override
    public void close() {
        IntStream.range(0, count).forEach(node -> run("netns", "delete", space(node)));
        run("netns", "delete", bridges());
    }
}
