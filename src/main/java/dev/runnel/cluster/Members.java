package dev.runnel.cluster;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The members that the grid knows. Any thread.
 *
 * @param now the address of each by its node, this one included; does not block
 * @param onChange makes an action run, on any thread, each time when the members have changed; it must not block
 * @param isMerging whether this member joins a larger part of a split cluster: what it has in the grid is not there yet
 */
record Members(Supplier<Map<String, String>> now, Consumer<Runnable> onChange, BooleanSupplier isMerging) {}
