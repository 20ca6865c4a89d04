package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many connections the service port accepts.
 *
 * @param total the most connections; empty derives it from the process's limit of open files
 * @param perAddress the most connections of one address
 * @param withoutKey the most connections without a request whose key was valid; empty is a quarter of the total
 * @param trustedProxies addresses without the limit {@code perAddress}
 */
public record ConnectionConfig(
        OptionalInt total, int perAddress, OptionalInt withoutKey, List<AddressBlock> trustedProxies) {

    private static final Rule<Integer> COUNT = Rule.integer(1, 1_000_000);
    private static final Rule<AddressBlock> BLOCK = new Rule<>(
            "an IP address, or a block such as 10.0.0.0/8",
            new AddressBlock(InetAddress.getLoopbackAddress(), 0),
            AddressBlock::parse,
            false);

    public ConnectionConfig {
        trustedProxies = List.copyOf(trustedProxies);
    }

    static ConnectionConfig read(Section http) {
        return new ConnectionConfig(
                count(http, "connections"),
                http.required("connectionsPerAddress", COUNT),
                count(http, "connectionsWithoutKey"),
                http.list("trustedProxies", BLOCK));
    }

    private static OptionalInt count(Section http, String key) {
        return http.optional(key, COUNT).map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
