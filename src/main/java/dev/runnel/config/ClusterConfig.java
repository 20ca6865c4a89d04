package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The cluster that this node joins.
 *
 * @param name nodes with another name do not join
 * @param host the address that members and the event bus bind to, and under which other nodes reach this one
 * @param port of the members, 0 … 65535; 0 is any free port
 * @param busPort of the event bus, 0 … 65535; 0 is any free port
 * @param members the other nodes, {@code host:port}; this node may be among them
 * @param kubernetesService the DNS name of a headless service whose pods are the members
 * @param minimumMembers how many members there must be for new generations; empty for the default
 * @param placement which generators are preferred
 * @param limits what happens to a request whose limits are not decided in time
 * @param decision for how long the decision of limits is waited for
 * @param continuing how many generations of a node that is gone start at once on others, 1 … 1000
 * @param tls of the event bus; empty for plain text
 */
public record ClusterConfig(
        String name,
        String host,
        int port,
        int busPort,
        List<String> members,
        Optional<String> kubernetesService,
        Optional<Integer> minimumMembers,
        Placement placement,
        WithoutAnswer limits,
        Duration decision,
        int continuing,
        Optional<ClusterTlsConfig> tls) {

    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]");
    private static final String PORT =
            "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private static final Pattern MEMBER = Pattern.compile("(\\[[0-9a-fA-F:.%]{2,60}]|[A-Za-z0-9._-]{1,253}):" + PORT);
    private static final int MAX_MEMBERS = 1000;
    private static final Duration SHORTEST_DECISION = Duration.ofMillis(5);
    private static final Duration LONGEST_DECISION = Duration.ofSeconds(5);
    private static final int MAX_CONTINUING = 1000;

    /** Where a generation runs, seen from the node that has its client. */
    public enum Placement {
        /** On another node, if one has a free place. */
        SPREAD,
        /** On the same node, if it has a free place. */
        LOCAL
    }

    /** What happens without a decision of the cluster in time. */
    public enum WithoutAnswer {
        /** The node decides alone, with its share of the limits. */
        SHARE,
        /** The node refuses the request. */
        CLOSED
    }

    public ClusterConfig {
        members = List.copyOf(members);
    }

    /** Empty if this node joins no cluster. */
    static Optional<ClusterConfig> read(Section section) {
        boolean isEnabled = section.required("enabled", Rule.bool());
        ClusterConfig cluster = new ClusterConfig(
                section.required("name", Rule.word()),
                section.required("host", Rule.word()),
                section.required("port", HttpConfig.PORT),
                section.required("busPort", HttpConfig.PORT),
                section.list("members", Rule.matching(MEMBER, "host:port, with a port of 1 … 65535")),
                section.optional("kubernetesService", Rule.word()),
                section.optional("minimumMembers", Rule.integer(1, MAX_MEMBERS)),
                section.required("placement", Rule.oneOf(Placement.class)),
                section.required("limits", Rule.oneOf(WithoutAnswer.class)),
                section.required("decision", Rule.duration(SHORTEST_DECISION, LONGEST_DECISION)),
                section.required("continuing", Rule.integer(1, MAX_CONTINUING)),
                ClusterTlsConfig.read(section.section("tls")));
        cluster.check(section);
        return Optional.of(cluster).filter(sound -> isEnabled);
    }

    private void check(Section section) {
        if (WILDCARDS.contains(host)) {
            section.complain("host", host, "one address of this machine, which the other members connect to");
        }
        if (port != 0 && port == busPort && section.isSound("port")) {
            section.complain("busPort", busPort, "another port than cluster.port, or 0");
        }
        if (kubernetesService.isPresent() && !members.isEmpty()) {
            section.complain("members", members.size() + " members", "either members or kubernetesService");
        }
        if (kubernetesService.isPresent() && minimumMembers.isEmpty()) {
            section.complain(
                    "minimumMembers", "missing", "a number, because kubernetesService does not say how many there are");
        }
        if (kubernetesService.isPresent() && port == 0) {
            section.complain("port", port, "a fixed port, the same for all pods of kubernetesService");
        }
    }

    /** The address of a member of the list, not looked up. */
    public static InetSocketAddress address(String member) {
        int colon = member.lastIndexOf(':');
        String host = member.substring(0, colon).replace("[", "").replace("]", "");
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(member.substring(colon + 1)));
    }
}
